import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { LiveRequest } from '../../../core/contract/proxy-live';
import { text } from '../../text/text';
import styles from './request-list.module.css';

/** Pixels of a row: all alike, so that a list of thousands draws only those in sight. */
const ROW = 30;
const VISIBLE = 12;
const AROUND = 6;

interface RequestListProps {
  /** the newest first */
  readonly requests: readonly LiveRequest[];
  readonly isFlowing: boolean;
  readonly empty: string;
  readonly chosen: number | null;
  readonly onHold: () => void;
  readonly onChoose: (seq: number) => void;
}

/** The part of an ARN that tells callers apart. */
export function shortCaller(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn;
}

/** A list in a window: arrow keys, Home, End and Page keys choose; only the rows in sight are drawn. */
export function RequestList({ requests, isFlowing, empty, chosen, onHold, onChoose }: RequestListProps): ReactElement {
  const words = text.proxyDetails.live;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    if (isFlowing) frame.current?.scrollTo({ top: 0 });
  }, [isFlowing]);
  const at = requests.findIndex(({ seq }) => seq === chosen);
  const first = Math.max(0, Math.floor(top / ROW) - AROUND);
  const drawn = requests.slice(first, first + VISIBLE + 2 * AROUND);
  const choose = (index: number): void => {
    const request = requests[Math.min(requests.length - 1, Math.max(0, index))];
    if (request === undefined) return;
    onChoose(request.seq);
    intoSight(frame.current, requests.indexOf(request));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(step(at, requests.length));
  };
  return (
    <div className={styles.list}>
      <div className={styles.row} aria-hidden="true">
        {[words.time, words.operation, words.key, words.caller, words.outcome, words.took].map((column) => (
          <span key={column} className={styles.column}>
            {column}
          </span>
        ))}
      </div>
      <div
        ref={frame}
        className={styles.frame}
        style={{ height: `${String(VISIBLE * ROW)}px` }}
        role="listbox"
        aria-label={words.list}
        tabIndex={0}
        aria-activedescendant={drawn.some(({ seq }) => seq === chosen) ? `${id}-${String(chosen)}` : undefined}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => {
          setTop(currentTarget.scrollTop);
          if (currentTarget.scrollTop > 0) onHold();
        }}
      >
        {requests.length === 0 ? (
          <p className={styles.empty} role="option" aria-selected={false}>
            {empty}
          </p>
        ) : null}
        <div className={styles.whole} style={{ height: `${String(requests.length * ROW)}px` }} role="presentation">
          {drawn.map((request, i) => (
            <Row
              key={request.seq}
              id={`${id}-${String(request.seq)}`}
              request={request}
              place={first + i}
              all={requests.length}
              isChosen={request.seq === chosen}
              onChoose={onChoose}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const STEPS: Readonly<Record<string, (at: number, all: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + VISIBLE,
  PageUp: (at) => at - VISIBLE,
  Home: () => 0,
  End: (_, all) => all - 1,
};

function intoSight(frame: HTMLDivElement | null, index: number): void {
  if (frame === null) return;
  if (index * ROW < frame.scrollTop) frame.scrollTop = index * ROW;
  else if ((index + 1) * ROW > frame.scrollTop + VISIBLE * ROW) frame.scrollTop = (index + 1 - VISIBLE) * ROW;
}

interface RowProps {
  readonly id: string;
  readonly request: LiveRequest;
  readonly place: number;
  readonly all: number;
  readonly isChosen: boolean;
  readonly onChoose: (seq: number) => void;
}

function Row({ id, request, place, all, isChosen, onChoose }: RowProps): ReactElement {
  const words = text.proxyDetails.live;
  const { seq, at, api, key, outcome } = request;
  const time = at.slice(11, 23);
  const caller = shortCaller(request.caller);
  const ms = words.ms(request.totalMs);
  const isGood = outcome === 'ok';
  return (
    <div
      id={id}
      className={`${styles.row ?? ''} ${isChosen ? (styles.chosen ?? '') : ''}`}
      style={{ transform: `translateY(${String(place * ROW)}px)` }}
      role="option"
      aria-selected={isChosen}
      aria-setsize={all}
      aria-posinset={place + 1}
      aria-label={words.row(time, api, key, caller, outcome, ms)}
      onClick={() => onChoose(seq)}
    >
      <span className={styles.mono}>{time}</span>
      <span>{api === '' ? words.none : api}</span>
      <span className={styles.mono}>{key}</span>
      <span>{caller}</span>
      <span className={isGood ? styles.good : styles.bad}>
        {isGood ? '✓' : '✕'} {outcome}
      </span>
      <span className={styles.number}>{ms}</span>
    </div>
  );
}
