/** Fails when what a first visit loads is larger than promised: the entry and all it imports, its styles, gzipped. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LARGEST_KB = 300;

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const entry = Object.values(manifest).find((chunk) => chunk.isEntry);

function withImports(chunk, seen = new Set()) {
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const name of chunk.imports ?? []) withImports(manifest[name], seen);
  return seen;
}

let total = gzipSync(readFileSync('dist/index.html')).length;
for (const file of withImports(entry)) {
  const size = gzipSync(readFileSync(`dist/${file}`)).length;
  total += size;
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}`);
}
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  first load, gzipped (at most ${LARGEST_KB})`);
if (total > LARGEST_KB * 1000) {
  console.error('The first load has become too large: load something later, or leave it out.');
  process.exit(1);
}
