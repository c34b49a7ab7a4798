import { readdirSync, readFileSync } from 'node:fs';

/** Processes that this one started and whose command line has `word` in it. Linux only: elsewhere none is found. */
export function childrenWith(word: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [stat = '', words = ''] = ['stat', 'cmdline'].map((file) => readFileSync(`/proc/${name}/${file}`, 'latin1'));
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return parent === String(process.pid) && state !== 'Z' && words.includes(word);
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);
}
