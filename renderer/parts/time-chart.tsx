import { useMemo, type ReactElement } from 'react';
import styles from './time-chart.module.css';

export interface Series {
  readonly name: string;
  /** the oldest first; null: nothing to show at that moment */
  readonly values: readonly (number | null)[];
  /** lines differ by their dashes, not by colour alone */
  readonly line: 'solid' | 'dashed' | 'dotted';
  /** the newest value, as people read it */
  readonly now: string;
}

export interface Scale {
  /** 0 at the bottom of the chart to 1 at its top; beyond is cut off */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

interface TimeChartProps {
  /** what it shows, for those who do not see it: with the newest values */
  readonly label: string;
  readonly series: readonly Series[];
  readonly scale: Scale;
  /** a line that must not be crossed */
  readonly limit?: { readonly value: number; readonly label: string };
  /** at the left and the right end */
  readonly from: string;
  readonly to: string;
}

const WIDTH = 600;
const HEIGHT = 150;

/**
 * Lines over the last minutes. Drawn by ourselves: it is drawn anew each second beside a proxy that needs the machine, and the chart of
 * the component library brings a hundred times the code for a popover nobody can hold still over a moving line.
 */
export function TimeChart({ label, series, scale, limit, from, to }: TimeChartProps): ReactElement {
  return (
    <figure className={styles.chart}>
      <div className={styles.legend}>
        {series.map(({ name, line, now }) => (
          <span key={name} className={styles.entry}>
            <svg viewBox="0 0 28 8" className={styles.sample} aria-hidden="true" focusable="false">
              <path d="M1 4h26" className={`${styles.line ?? ''} ${styles[line] ?? ''}`} />
            </svg>
            {name} <strong>{now}</strong>
          </span>
        ))}
      </div>
      <div className={styles.plot} role="img" aria-label={label}>
        <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" className={styles.lines}>
          {scale.ticks.map(({ value }) => (
            <path key={value} d={`M0 ${y(scale, value)}H${String(WIDTH)}`} className={styles.grid} />
          ))}
          {limit === undefined ? null : <path d={`M0 ${y(scale, limit.value)}H${String(WIDTH)}`} className={styles.limit} />}
          {series.map(({ name, values, line }) => (
            <Line key={name} values={values} scale={scale} line={line} />
          ))}
        </svg>
        {scale.ticks.map(({ value, label: tick }) => (
          <span key={value} className={styles.tick} style={{ bottom: percent(scale, value) }}>
            {tick}
          </span>
        ))}
        {limit === undefined ? null : (
          <span className={styles.limitLabel} style={{ bottom: percent(scale, limit.value) }}>
            {limit.label}
          </span>
        )}
      </div>
      <div className={styles.ends} aria-hidden="true">
        <span>{from}</span>
        <span>{to}</span>
      </div>
    </figure>
  );
}

function Line({ values, scale, line }: Pick<Series, 'values' | 'line'> & { readonly scale: Scale }): ReactElement {
  const path = useMemo(() => pathOf(values, scale), [values, scale]);
  return <path d={path} className={`${styles.line ?? ''} ${styles[line] ?? ''}`} />;
}

/** A gap in the values is a gap in the line; one value alone is a short stroke, or nobody would see it. */
export function pathOf(values: readonly (number | null)[], scale: Scale): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  let path = '';
  values.forEach((value, i) => {
    if (value === null) return;
    const at = `${(i * step).toFixed(1)} ${y(scale, value)}`;
    const isBegun = i > 0 && values[i - 1] !== null;
    const isAlone = !isBegun && (values[i + 1] ?? null) === null;
    path += isBegun ? `L${at}` : `M${at}${isAlone ? 'h1.5' : ''}`;
  });
  return path;
}

function share(scale: Scale, value: number): number {
  return Math.min(1, Math.max(0, scale.place(value)));
}

function y(scale: Scale, value: number): string {
  return (HEIGHT * (1 - share(scale, value))).toFixed(1);
}

function percent(scale: Scale, value: number): string {
  return `${(100 * share(scale, value)).toFixed(2)}%`;
}

/** From 0 to a round number above the highest value. */
export function linearScale(values: readonly (number | null)[], least: number): Scale {
  const highest = values.reduce<number>((high, value) => Math.max(high, value ?? 0), least);
  const size = 10 ** Math.floor(Math.log10(highest));
  const top = [1, 2, 5, 10].map((times) => times * size).find((round) => round >= highest) ?? highest;
  return {
    place: (value) => value / top,
    ticks: [0, top / 2, top].map((value) => ({ value, label: String(value) })),
  };
}
