import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => path.join(folder, file));
}

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...filesUnder('docs', /\.md$/)];
const ROOMS = /^(core|electron|renderer|proxy|resources|test|docs)\/[\w./-]+\.\w+$/;

describe('the documents', () => {
  it.each(DOCUMENTS)('%s names only files that exist', (document) => {
    const text = read(document);
    const quoted = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1]!).filter((name) => ROOMS.test(name));
    const linked = [...text.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1]!).filter((target) => !target.includes('://'));
    const missing = [
      ...quoted.filter((name) => !existsSync(path.join(ROOT, name))),
      ...linked.filter((target) => !existsSync(path.resolve(ROOT, path.dirname(document), target))),
    ];
    expect(missing).toEqual([]);
  });

  it('list every rule of the code and of the scripts in the assurance table, and no other', () => {
    const rulesIn = (text: string) => [...text.matchAll(/\bCER-[A-Z0-9-]*[A-Z0-9]\b/g)].map((match) => match[0]);
    const sources = [...filesUnder('core', /\.ts$/), ...filesUnder('resources/ceremonies', /\.yaml$/)];
    // What looks like a rule in a schema's own example is none.
    const used = new Set(
      sources.filter((file) => !file.endsWith(path.join('ceremony', 'script.ts'))).flatMap((file) => rulesIn(read(file))),
    );
    expect([...new Set(rulesIn(read('docs/assurance.md')))].toSorted()).toEqual([...used].toSorted());
  });

  it('agree with the terminal about its verbs', () => {
    const table = [...read('core/cli/keyrite.ts').matchAll(/^ {2}'?([\w-]+)'?: async/gm)].map((match) => match[1]);
    const firstCells = [...read('docs/cli.md').matchAll(/^\| (`[^|]+) \|/gm)].map((match) => match[1] ?? '');
    const named = firstCells.slice(0, firstCells.findIndex((cell) => cell.startsWith('`doctor')) + 1);
    const documented = named.flatMap((cell) => [...cell.matchAll(/`([\w-]+)/g)].map((match) => match[1]));
    expect([...new Set(documented)].toSorted()).toEqual(table.toSorted());
  });

  it('are numbered without gaps where they are decisions', () => {
    const numbers = readdirSync(path.join(ROOT, 'docs', 'decisions'))
      .map((name) => Number(name.slice(0, 4)))
      .toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('leave the addresses of registries out of the lock file', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});
