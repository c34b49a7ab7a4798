import { success, type Result } from '../contract/result';
import type { KmsPort } from '../kms/port';
import type { AwsSeat } from '../contract/aws-settings';

/** Keeps one connection to KMS per Region and person for the ceremony: opened on first use, closed with it. */
export class KmsHolder {
  readonly #open: (region: string, as: AwsSeat) => Promise<Result<KmsPort>>;
  readonly #ports = new Map<string, KmsPort>();

  constructor(open: (region: string, as: AwsSeat) => Promise<Result<KmsPort>>) {
    this.#open = open;
  }

  async port(region: string, as: AwsSeat): Promise<Result<KmsPort>> {
    const name = `${as} ${region}`;
    const known = this.#ports.get(name);
    if (known) return success(known);
    const opened = await this.#open(region, as);
    if (opened.ok) this.#ports.set(name, opened.value);
    return opened;
  }

  close(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }
}
