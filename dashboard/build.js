// Build the page with Vite, compress each file, and write what meson compiles into clienteled:
// dashboard_files.c, the table of src/http/dashboard_private.h, and dashboard_bytes.S.
// Usage: build.js FOLDER TARGET DEPFILE   (TARGET: how ninja calls dashboard_files.c)
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const [folder, target, depfile] = process.argv.slice(2).map((name, i) => (i === 1 ? name : path.resolve(name)));
const root = path.dirname(fileURLToPath(import.meta.url));

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

const list = (from) =>
  fs
    .readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
const inputs = ['index.html', 'package-lock.json', 'vite.config.js', 'build.js'].map((name) => path.join(root, name));
inputs.push(...list(path.join(root, 'src')));

// Debug and release programs have the same page, so it is built once: what was made of the same inputs is used again.
const hash = createHash('sha256');
for (const file of inputs) hash.update(`${file}\0`).update(fs.readFileSync(file));
const cache = path.join(root, 'node_modules/.cache/page');
const built = path.join(cache, hash.digest('hex').slice(0, 16));
if (!fs.existsSync(built)) {
  fs.rmSync(cache, { recursive: true, force: true });
  const unfinished = fs.mkdtempSync(path.join(root, 'node_modules/.page-'));
  await build({ root, logLevel: 'warn', build: { outDir: unfinished, emptyOutDir: true } });
  fs.mkdirSync(cache, { recursive: true });
  fs.renameSync(unfinished, built);
}

const packedFolder = path.join(folder, 'dashboard_packed');
fs.rmSync(packedFolder, { recursive: true, force: true });
fs.mkdirSync(packedFolder);
const files = list(built).map((file, i) => {
  const packed = gzipSync(fs.readFileSync(file), { level: 9 });
  const packedFile = path.join(packedFolder, `${path.basename(file)}.gz`);
  fs.writeFileSync(packedFile, packed);
  return {
    symbol: `clti_dashboard_${i}`,
    packed: packedFile,
    name: path.basename(file),
    type: TYPES[path.extname(file)],
    tag: createHash('sha256').update(packed).digest('hex').slice(0, 16),
  };
});

const rows = files.map((f) => `    {"${f.name}", "${f.type}", "W/\\"${f.tag}\\"", ${f.symbol}_begin, ${f.symbol}_end},`);
fs.writeFileSync(
  path.join(folder, 'dashboard_files.c'),
  `#include "http/dashboard_private.h"

extern const char ${files.map((f) => `${f.symbol}_begin[], ${f.symbol}_end[]`).join(', ')};

static const clti_dashboard_file files[] = {
${rows.join('\n')}
};
const clti_dashboard_file *const CLTI_DASHBOARD_FILES = files;
const size_t CLTI_DASHBOARD_FILE_COUNT = CLTI_COUNT(files);
`,
);

const embed = (f) => `    .global ${f.symbol}_begin
    .hidden ${f.symbol}_begin
${f.symbol}_begin:
    .incbin "${f.packed}"
    .global ${f.symbol}_end
    .hidden ${f.symbol}_end
${f.symbol}_end:
`;
fs.writeFileSync(
  path.join(folder, 'dashboard_bytes.S'),
  `    .section .rodata.dashboard, "a", %progbits
${files.map(embed).join('')}    .section .note.GNU-stack, "", %progbits
`,
);

fs.writeFileSync(depfile, `${target}: ${inputs.join(' ')}\n`);
