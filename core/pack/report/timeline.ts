import type { Content } from 'pdfmake';
import { clock, heading, INK, TEXT_WIDTH, words } from './look';
import { printable } from './printable';
import type { Story, StepStory } from './story';

const ROW = 13;
const NAMES = 168;
const CHART = TEXT_WIDTH - NAMES;
/** rows on one page, with the heading and the axis */
const ROWS_PER_PAGE = 46;

/** When each step ran, as a chart: a bar per step, its planned length as an outline, breaks hatched, exceptions marked. */
export function timeline(story: Story): Content {
  const pages: StepStory[][] = [];
  for (let i = 0; i < story.steps.length; i += ROWS_PER_PAGE) pages.push(story.steps.slice(i, i + ROWS_PER_PAGE));
  return [
    heading('Timeline', { pageBreak: 'before' }),
    words(legend(story), { style: 'small', margin: [0, -4, 0, 8] }),
    ...pages.map((steps): Content => ({ svg: chart(story, steps), width: TEXT_WIDTH, margin: [0, 0, 0, 10] })),
  ];
}

function legend(story: Story): string {
  const planned = showsPlan(story)
    ? 'Outline: as planned, from the step’s beginning.'
    : 'The planned lengths are not drawn: it ran many times faster than planned.';
  return `Filled: as it ran. ${planned} Numbered flags: exceptions. Hatched: interludes. Times are UTC.`;
}

/** A rehearsal by scripted officers takes seconds; outlines of minutes would only fill the page. */
function showsPlan({ steps, openedAt, endedAt }: Story): boolean {
  const plannedMs = steps.reduce((sum, { minutes, begunAt }) => sum + (begunAt === '' ? 0 : minutes * 60_000), 0);
  return plannedMs <= 4 * (Date.parse(endedAt) - Date.parse(openedAt));
}

function chart(story: Story, steps: readonly StepStory[]): string {
  const from = Date.parse(story.openedAt);
  const span = Math.max(1, Date.parse(story.endedAt) - from);
  const x = (at: string) => NAMES + ((Date.parse(at) - from) / span) * CHART;
  const height = 22 + steps.length * ROW + 4;
  const rows = steps.map((step, i) => row(story, step, 22 + i * ROW, x, showsPlan(story) ? (CHART * 60_000) / span : 0)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${TEXT_WIDTH}" height="${height}" viewBox="0 0 ${TEXT_WIDTH} ${height}">${axis(story, height, x)}${interludes(story, height, x)}${rows}</svg>`;
}

function row({ exceptions }: Story, step: StepStory, y: number, x: (at: string) => number, perMinute: number): string {
  const reached = step.begunAt !== '';
  const name = fitted(`${step.title || 'Step'}${reached ? '' : ' (not reached)'}`);
  const names =
    text(0, y + 8.6, step.id, { bold: true, fill: reached ? INK.text : INK.muted }) +
    text(26, y + 8.6, name, { fill: reached ? INK.text : INK.muted });
  const rule = `<path d="M0 ${y + ROW - 0.8} H${TEXT_WIDTH}" stroke="${INK.line}" stroke-width="0.3"/>`;
  if (!reached) return rule + names;
  const [begin, end] = [x(step.begunAt), x(step.endedAt)];
  const planned = Math.min(step.minutes * perMinute, TEXT_WIDTH - begin);
  const outline =
    planned > 0
      ? `<rect x="${begin}" y="${y + 1.5}" width="${planned}" height="9" rx="1.5" fill="none" stroke="${INK.muted}" stroke-width="0.5"/>`
      : '';
  const bar = `<rect x="${begin}" y="${y + 3}" width="${Math.max(end - begin, 1)}" height="6" rx="1" fill="${INK.accent}"/>`;
  const flags = exceptions.filter((one) => one.step === step.id).map(({ at, opened: { number } }) => flag(x(at), y, number));
  return rule + names + outline + bar + flags.join('');
}

function flag(at: number, y: number, number: number): string {
  const left = Math.min(at, TEXT_WIDTH - 13);
  return `<path d="M${left} ${y + 0.5} v11" stroke="${INK.alarm}" stroke-width="1"/><path d="M${left} ${y + 0.5} h12 l-2.5 3.7 l2.5 3.8 h-12 z" fill="${INK.alarm}"/>${text(left + 2.2, y + 6.6, String(number), { fill: '#ffffff', bold: true, size: 6 })}`;
}

function interludes({ interludes: breaks, endedAt }: Story, height: number, x: (at: string) => number): string {
  return breaks
    .map(({ from, to }) => {
      const [left, right] = [x(from), Math.max(x(to || endedAt), x(from) + 1.5)];
      const box = `x="${left}" y="18" width="${right - left}" height="${height - 20}"`;
      return `<rect ${box} fill="${INK.band}"/><path d="${hatching(left, right, 18, height - 2)}" stroke="${INK.line}" stroke-width="0.6" fill="none"/>`;
    })
    .join('');
}

/** Lines at 45 degrees, cut at the edges of a box. */
function hatching(left: number, right: number, top: number, bottom: number): string {
  const lines: string[] = [];
  for (let offset = 7; offset < right - left + bottom - top; offset += 7) {
    const begin = Math.max(0, offset - (bottom - top));
    const end = Math.min(offset, right - left);
    lines.push(`M${left + begin} ${top + offset - begin} L${left + end} ${top + offset - end}`);
  }
  return lines.join(' ');
}

/** A line about every fifth of the way, at a round time. */
function axis({ openedAt, endedAt }: Story, height: number, x: (at: string) => number): string {
  const [from, to] = [Date.parse(openedAt), Date.parse(endedAt)];
  const step =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].find(
      (s) => (to - from) / (s * 1000) <= 6,
    ) ?? 604_800;
  const ticks: string[] = [];
  for (let at = Math.ceil(from / (step * 1000)) * step * 1000; at <= to; at += step * 1000) {
    const iso = new Date(at).toISOString();
    const shown = step < 60 ? clock(iso) : step >= 86_400 ? iso.slice(5, 10) : iso.slice(11, 16);
    const left = x(iso);
    ticks.push(
      `<path d="M${left} 14 V${height - 2}" stroke="${INK.line}" stroke-width="0.5"/>${text(Math.min(left, TEXT_WIDTH - 24) - (left > NAMES + 10 ? 9 : 0), 10, shown, { fill: INK.muted, size: 7 })}`,
    );
  }
  return ticks.join('');
}

/** Names are cut to the column; the steps themselves follow in full. */
function fitted(name: string): string {
  return name.length > 32 ? `${name.slice(0, 31)}…` : name;
}

function text(
  x: number,
  y: number,
  content: string,
  { fill, bold = false, size = 8 }: { fill: string; bold?: boolean; size?: number },
): string {
  const safe = printable(content).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" font-family="Roboto" font-size="${size}" fill="${fill}"${bold ? ' font-weight="bold"' : ''}>${safe}</text>`;
}
