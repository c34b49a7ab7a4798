import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

test('every design token the house names exists in the installed Cloudscape', async () => {
  const ours = await readFile(join(root, 'renderer/parts/tokens.css'), 'utf8');
  const theme = await readFile(
    join(root, 'node_modules/@cloudscape-design/components/internal/base-theme/styles.scoped.css'),
    'utf8',
  );
  const names = [...ours.matchAll(/var\((--[a-z0-9-]+)\)/gu)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) expect(theme, name).toContain(`${name}:`);
});
