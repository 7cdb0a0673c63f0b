import { expect, test } from 'vitest';

const sources = import.meta.glob<string>('./**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });

/** What files of a folder may import from, besides packages. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  api: ['api'],
  app: ['api', 'app', 'components', 'messages'],
  components: ['api', 'app', 'components'],
  features: ['api', 'app', 'components', 'features'],
};
/** It knows the pages, and is known by main alone. */
const SHELL = 'app/shell';

const resolve = (from: string, to: string) => new URL(to, `file:///${from.slice(2)}`).pathname.slice(1);

function* imports() {
  for (const [file, text] of Object.entries(sources)) {
    if (file.endsWith('.test.ts')) continue;
    for (const [, to] of text.matchAll(/(?:from|import\(|^import) ?'(\.[^']*)'/gm)) yield { from: file.slice(2), to: resolve(file, to ?? '') };
  }
}

test('imports go one way', () => {
  const all = [...imports()];
  const wrong = all.filter(({ from, to }) => {
    const [fromFolder, toFolder] = [from.split('/')[0] ?? '', to.split('/')[0] ?? ''];
    if (from === `${SHELL}.tsx` && toFolder === 'features') return false;
    return !MAY[fromFolder]?.includes(toFolder) || (to === SHELL && !from.startsWith('app/'));
  });
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(100);
});
