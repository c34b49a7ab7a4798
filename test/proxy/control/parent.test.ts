import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parentTransport } from '../../../proxy/control/parent';
import { serveControl } from '../../../proxy/control/serve';
import { quietHandlers, STATUS } from './control-ground';

/** A process's end of an IPC channel, and what its parent hears. */
class Port extends EventEmitter {
  connected = true;
  readonly heard: unknown[] = [];
  readonly send = (message: unknown): void => void this.heard.push(JSON.parse(JSON.stringify(message)));
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function hears(port: Port, count: number): Promise<void> {
  while (port.heard.length < count) await settled();
}

describe('control by the parent process', () => {
  it('answers with the number that was asked with, in any order, and leaves other messages alone', async () => {
    const port = new Port();
    const asked: unknown[] = [];
    await serveControl(quietHandlers(asked), parentTransport(port));
    port.emit('message', { pin: 'for somebody else' });
    port.emit('message', { keyriteControl: 7, request: { verb: 'status' } });
    port.emit('message', { keyriteControl: 8, request: { verb: 'kill', act: { who: 'desk', why: '' } } });
    port.emit('message', { keyriteControl: 9, request: { verb: 'status', also: 1 } });
    await hears(port, 3);
    await settled();
    expect(port.heard).toHaveLength(3);
    expect(port.heard).toContainEqual({ keyriteControl: 7, answer: { ok: true, value: STATUS } });
    expect(port.heard).toContainEqual({
      keyriteControl: 8,
      answer: { ok: true, value: expect.objectContaining({ restart: 'same' }) },
    });
    expect(port.heard).toContainEqual({
      keyriteControl: 9,
      answer: { ok: false, error: expect.objectContaining({ code: 'proxy.notUnderstood' }) },
    });
    expect(asked).toEqual([['kill', { who: 'desk', why: '' }]]);
  });

  it('says nothing to a parent that went away, and hears nothing after it was closed', async () => {
    const port = new Port();
    const channel = await serveControl(quietHandlers(), parentTransport(port));
    port.connected = false;
    port.emit('message', { keyriteControl: 1, request: { verb: 'status' } });
    await settled();
    expect(port.heard).toEqual([]);
    if (channel.ok) await channel.value.close();
    expect(port.listenerCount('message')).toBe(0);
  });
});
