import { Counter, Gauge, type Registry } from 'prom-client';

/** Numbers by the values of their labels, in the order of `labelNames`. */
export type Readings = readonly (readonly [readonly string[], number])[];

export interface Reading {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** asked at each scrape */
  readonly read: () => Readings;
}

/** A number that can go down, kept by somebody else. */
export function gauge(registry: Registry, { name, help, labelNames, read }: Reading): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      if (labelNames.length === 0) this.remove(); // or it would be 0, where there is no number
      for (const [values, value] of read()) this.set(labelled(labelNames, values), value);
    },
  });
}

/** A number that only grows, kept by somebody else. */
export function counter(registry: Registry, { name, help, labelNames, read }: Reading): void {
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const [values, value] of read()) this.inc(labelled(labelNames, values), value);
    },
  });
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
}

/** One number without labels. */
export function single(value: number): Readings {
  return [[[], value]];
}
