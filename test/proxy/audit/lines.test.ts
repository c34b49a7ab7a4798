import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditLine } from '../../../core/evidence/audit-line';
import { canonical } from '../../../core/evidence/canonical';
import { chain, type TranscriptEvent } from '../../../core/evidence/event';
import { readLine } from '../../../core/evidence/line';
import { sha256Text } from '../../../core/pack/sha256';
import { XKS_STATUS, type XksErrorName } from '../../../core/xks/errors';
import { XKS_APIS } from '../../../core/xks/uri';
import { actDraft, requestDraft } from '../../../proxy/audit/drafts';
import type { RequestRecord } from '../../../proxy/request-record';
import { record } from './ground';

const AT = '2026-11-23T10:00:00.000Z';
const LAST = { seq: 41, hash: 'ab'.repeat(32) };

/** Any sequence of UTF-16 units: halves of pairs, quotes, controls, direction marks. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map((units) => String.fromCharCode(...units));
const anyNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 0.0005, 1e-7, 12.3456));
const anyRecord: fc.Arbitrary<RequestRecord> = fc.record({
  store: anyText,
  api: fc.constantFrom(null, ...XKS_APIS),
  keyId: anyText,
  kmsRequestId: anyText,
  kmsOperation: anyText,
  caller: anyText,
  via: anyText,
  kmsKeyArn: anyText,
  vpc: anyText,
  vpce: anyText,
  accessKeyId: anyText,
  status: fc.integer({ min: 200, max: 599 }),
  outcome: fc.constantFrom<'ok' | XksErrorName>('ok', ...(Object.keys(XKS_STATUS) as XksErrorName[])),
  reason: anyText,
  policy: anyText,
  generation: anyText,
  queueMs: anyNumber,
  hsmMs: anyNumber,
  totalMs: anyNumber,
});

function slowLine(draft: ReturnType<typeof requestDraft>): string {
  const { type, actor, at, data } = draft;
  const last = { seq: LAST.seq - 1, hash: LAST.hash } as TranscriptEvent;
  return canonical(
    chain({ type, step: '', role: '', actor, data: JSON.parse(data) as TranscriptEvent['data'] }, last, at, sha256Text),
  );
}

function fastLine(draft: ReturnType<typeof requestDraft>): string {
  return auditLine(draft, { seq: LAST.seq, prev: LAST.hash }, sha256Text).line;
}

describe('the line of a request', () => {
  it('is byte for byte the canonical form of its event, whatever a caller sent', () => {
    fc.assert(
      fc.property(anyRecord, (any) => {
        const line = fastLine(requestDraft(any, AT));
        expect(line).toBe(slowLine(requestDraft(any, AT)));
        expect(readLine(line, sha256Text).ok).toBe(true);
      }),
    );
  });

  it('holds every field of the record, texts as they came', () => {
    fc.assert(
      fc.property(anyRecord, (any) => {
        const data = JSON.parse(requestDraft(any, AT).data) as Record<string, unknown>;
        expect(Object.keys(data).sort()).toEqual(Object.keys(any).sort());
        expect(data['caller']).toBe(Buffer.from(any.caller, 'utf8').toString('utf8'));
      }),
    );
  });

  it('does not grow with what a caller sends, and cuts no character in two', () => {
    const long = { caller: `${'a'.repeat(2047)}😀 and more`, store: 'é'.repeat(500), via: 'x'.repeat(100_000) };
    const line = fastLine(requestDraft(record('1', long), AT));
    expect(line.length).toBeLessThan(8000);
    expect(line).toBe(slowLine(requestDraft(record('1', long), AT)));
  });
});

describe('the line of an act', () => {
  const anyJson = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<TranscriptEvent['data']>;

  it('is the canonical form of its event for any data', () => {
    fc.assert(
      fc.property(anyJson, anyText, (data, who) => {
        const draft = actDraft('reloaded', { ...data, who }, AT);
        expect(fastLine(draft)).toBe(slowLine(draft));
        expect(readLine(fastLine(draft), sha256Text).ok).toBe(true);
      }),
    );
  });

  it('has who did it as its actor, at most 120 characters of it', () => {
    expect(actDraft('killed', { who: 'ops'.repeat(60), why: 'drill' }, AT).actor).toHaveLength(120);
    expect(actDraft('started', {}, AT).actor).toBe('');
  });

  it('refuses a type that no event can have, and numbers JSON has no form for', () => {
    expect(() => actDraft('x'.repeat(41), {}, AT)).toThrow(RangeError);
    expect(() => actDraft('started', { port: Number.NaN }, AT)).toThrow();
  });
});
