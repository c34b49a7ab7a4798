import { afterAll, beforeAll } from 'vitest';
import { buildXks, openXksStation, type XksStation } from './xks-station';

/** One station for all tests of a file, handed to `take` before the first; its children end after the last. */
export function oneStation(take: (station: XksStation) => void): void {
  let end = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    const built = await buildXks();
    end = () => built.remove();
    const station = await openXksStation(built);
    end = async () => {
      await station.close();
      await built.remove();
    };
    take(station);
  });
  afterAll(() => end());
}
