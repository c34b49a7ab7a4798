import { BUILD_PLATFORM } from '../platform';
import type { BridgeFunctions } from '../../core/contract/bridge';
import { success } from '../../core/contract/result';
import { TOOL } from '../../core/contract/tool';
import type { WindowKind } from '../windows';

/** `window`: which window's table these functions go into. */
export function appFunctions(
  window: WindowKind,
  projector: { readonly open: () => void; readonly close: () => void },
): BridgeFunctions['app'] {
  return {
    info: async () =>
      success({
        version: TOOL.version,
        build: TOOL.build,
        platform: BUILD_PLATFORM,
        window,
        electron: process.versions.electron,
      }),
    openProjector: async () => {
      projector.open();
      return success(null);
    },
    closeProjector: async () => {
      projector.close();
      return success(null);
    },
  };
}
