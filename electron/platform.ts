import type { AppInfo } from '../core/contract/values';

/** The platforms the app is built for; on any other Unix it behaves as on Linux. */
export const BUILD_PLATFORM: AppInfo['platform'] =
  process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
