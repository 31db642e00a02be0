#!/bin/sh
# Takes the vendored files anew from npm, in the versions that VERSIONS pins, and cuts the icon sprite from icons.txt.
# Needs npm and python3. After adding a name to icons.txt or changing a version: sh static/vendor/refresh.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tests=$here/../../tests/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

package() { # unpack one pinned package into $work/<short name>
    version=$(awk -v name="$1" '$1 == name { print $2 }' "$here/VERSIONS")
    mkdir -p "$work/$2"
    (cd "$work" && tar -xzf "$(npm pack --silent --ignore-scripts "$1@$version")" -C "$2" --strip-components=1)
}

package @tabler/core tabler
package htmx.org htmx
package signature_pad signature_pad
package @tabler/icons icons
package axe-core axe

mkdir -p "$here/tabler" "$here/htmx" "$here/signature_pad" "$tests"
# Source maps are not taken, and a reference to a missing one stops Django's manifest storage.
sed 's|/\*# sourceMappingURL=[^*]*\*/||' "$work/tabler/dist/css/tabler.min.css" > "$here/tabler/tabler.min.css"
sed 's|//# sourceMappingURL=.*||' "$work/signature_pad/dist/signature_pad.umd.min.js" > "$here/signature_pad/signature_pad.umd.min.js"
cp "$work/htmx/dist/htmx.min.js" "$here/htmx/htmx.min.js"
cp "$work/htmx/LICENSE" "$here/htmx/LICENSE"
cp "$work/signature_pad/LICENSE" "$here/signature_pad/LICENSE"
cp "$work/icons/LICENSE" "$here/icons.LICENSE"
cp "$work/axe/axe.min.js" "$tests/axe.min.js"
cp "$work/axe/LICENSE" "$tests/axe.LICENSE"

python3 - "$here" "$work/icons/icons" <<'PYTHON'
import pathlib
import re
import sys

here, icons = map(pathlib.Path, sys.argv[1:])
symbols = []
for name in (here / "icons.txt").read_text().split():
    svg = (icons / "outline" / f"{name}.svg").read_text()
    body = re.sub(r"\s+", " ", re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1)).strip()
    body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
    symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body.replace(" />", "/>").replace("> <", "><")}</symbol>')
sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
(here / "icons.svg").write_text(sprite)
print(len(symbols), "icons")
PYTHON
