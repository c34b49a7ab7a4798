import type { SettingsRemark } from './settings';

export type KeyPath = readonly (string | number)[];

/** As a person would write it in TOML: `external_key_stores[0].uri_path_prefix`, `keys."a.b".current`. */
export function keyText(path: KeyPath): string {
  return path
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part);
      return i === 0 ? name : `.${name}`;
    })
    .join('');
}

/** Collects what is wrong, all of it, so that a person repairs a file in one go. */
export class Remarks {
  readonly #all: SettingsRemark[] = [];
  readonly #wrong = new Set<string>();

  error(key: string, problem: string, remedy: string): void {
    this.#all.push({ severity: 'error', key, problem, remedy });
    this.#wrong.add(key);
  }

  warning(key: string, problem: string, remedy: string): void {
    this.#all.push({ severity: 'warning', key, problem, remedy });
  }

  /** Something was said of this key already: whoever misses its value need not say that it is missing. */
  markWrong(key: string): void {
    this.#wrong.add(key);
  }

  isWrong(key: string): boolean {
    return this.#wrong.has(key);
  }

  /** Was an error said of this key or of one below it? */
  isWrongBelow(key: string): boolean {
    return [...this.#wrong].some((wrong) => wrong.startsWith(key));
  }

  get hasErrors(): boolean {
    return this.#all.some(({ severity }) => severity === 'error');
  }

  /** errors first, else in the order they were found */
  get all(): readonly SettingsRemark[] {
    const of = (wanted: SettingsRemark['severity']) => this.#all.filter(({ severity }) => severity === wanted);
    return [...of('error'), ...of('warning')];
  }
}
