import { stat } from 'node:fs/promises';

/**
 * For root: acts as the user who owns the state folder from here on. What is written is then that user's, or the proxy would find a
 * latch of somebody else and stay killed for no reason; and nothing that lies in the folder can lead root astray. For everybody
 * else, and where there is no such folder, nothing changes.
 */
export async function becomeOwner(stateFolder: string): Promise<void> {
  if (process.geteuid?.() !== 0 || !process.setegid || !process.seteuid) return;
  const owner = await stat(stateFolder).catch(() => null);
  if (owner === null || owner.uid === 0) return;
  process.setegid(owner.gid);
  process.seteuid(owner.uid);
}
