import { describe, expect, test } from 'vitest';
import { PROXY_PHASES } from '../../../../core/contract/proxy-values';
import { keySwitches } from '../../../../renderer/screens/proxy/key-rows';
import { certificateKind } from '../../../../renderer/screens/proxy/certificate-panel';
import { shortcutText } from '../../../../renderer/screens/proxy/shortcut-text';
import { obstaclesOf, standingOf } from '../../../../renderer/screens/proxy/standing';
import * as proxy from '../../fixtures/proxy';

describe('the one state that is shown', () => {
  test('is killed whatever the process does, and where nobody can read the latch', () => {
    for (const state of ['killed', 'unknown'] as const)
      for (const phase of PROXY_PHASES) {
        const { latch, process } = proxy.serving;
        expect(standingOf({ ...proxy.serving, latch: { ...latch, state }, process: { ...process, phase } })).toBe('killed');
      }
  });

  test('is serving only where a running proxy says that it serves', () => {
    for (const phase of PROXY_PHASES) {
      const process = { ...proxy.serving.process, phase };
      const isUp = phase === 'ready' || phase === 'attached';
      expect(standingOf({ ...proxy.serving, process }) === 'serving').toBe(isUp);
      expect(standingOf({ ...proxy.serving, process, status: null })).not.toBe('serving');
    }
    expect(standingOf(proxy.loginRefused)).toBe('notServing');
    const opening = { ...proxy.status, hsm: { ...proxy.status.hsm, condition: 'starting' as const } };
    expect(standingOf({ ...proxy.serving, status: opening })).toBe('starting');
  });

  test('comes with everything that stands in the way', () => {
    expect(obstaclesOf(proxy.status)).toEqual([]);
    const audit = { ...proxy.status.audit, isWritable: false, problem: 'ENOSPC' };
    const { status } = proxy.loginRefused;
    expect(status === null ? [] : obstaclesOf({ ...status, audit }).map(({ what }) => what)).toEqual([
      'login',
      'health',
      'audit',
    ]);
    expect(obstaclesOf({ ...proxy.status, audit: { ...audit, isRequired: false } })).toEqual([]);
  });
});

test('each key that is served or blocked has a switch, those that need a look first', () => {
  const block = { key: 'long-gone', by: '', why: '', at: '2026-11-01T00:00:00.000Z' };
  const { latch } = proxy.status;
  const rows = keySwitches({
    ...proxy.status,
    latch: { ...latch, blocked: [...latch.blocked, block.key], blocks: [...latch.blocks, block] },
  });
  expect(rows.map(({ key }) => key)).toEqual(['archive-2026', 'hr-files', 'long-gone', 'ledger-root', 'payments-root']);
  expect(rows[2]).toMatchObject({ stores: [], block });
  expect(rows[4]).toMatchObject({ stores: ['payments'], block: null, problem: '', encryptions: 48_211 });
});

test('a certificate warns below 30 days and alarms below 10', () => {
  expect([31, 30, 29.9, 10, 9.9, -1].map(certificateKind)).toEqual(['good', 'good', 'warning', 'warning', 'bad', 'bad']);
});

test('the shortcut is told in the words of the keyboard', () => {
  expect(shortcutText('CommandOrControl+Alt+Shift+K', false)).toBe('Ctrl+Alt+Shift+K');
  expect(shortcutText('CommandOrControl+Option+K', true)).toBe('Cmd+Option+K');
});
