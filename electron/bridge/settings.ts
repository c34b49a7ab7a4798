import { nativeTheme } from 'electron';
import type { BridgeFunctions } from '../../core/contract/bridge';
import { failure, success, type Result } from '../../core/contract/result';
import type { Settings } from '../../core/contract/values';
import { readEndpoint } from '../../core/kms/endpoint';
import type { AwsSource } from '../aws-source';
import { dialogs } from '../dialogs';
import type { SettingsStore, StoredSettings } from '../settings-store';
import { TEXT } from '../text';
import type { TokenSource } from '../token-source';

const MODULE_FILES = { name: TEXT.pickModule.filter, extensions: ['so', 'dylib', 'dll', '*'] };

/** `isBusy`: a ceremony is on the stage; what it stands on must not change under it. */
export function settingsFunctions(ground: {
  store: SettingsStore;
  tokens: TokenSource;
  aws: AwsSource;
  isBusy: () => boolean;
}): BridgeFunctions['settings'] {
  const { store, tokens, aws, isBusy } = ground;
  const change = (some: Partial<StoredSettings>): Result<Settings> => {
    try {
      return success(store.change(some));
    } catch (cause) {
      const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
      return failure(isFull ? 'file.diskFull' : 'file.notWritable', { what: 'settings' });
    }
  };
  const changeWhenIdle = (some: Partial<StoredSettings>): Result<Settings> =>
    isBusy() ? failure('ceremony.alreadyRunning') : change(some);
  return {
    get: async () => success(store.get()),
    setAppearance: async ({ appearance }) => {
      nativeTheme.themeSource = appearance;
      return change({ appearance });
    },
    setStation: async (station) => changeWhenIdle({ station }),
    profiles: () => tokens.profiles(),
    setProfile: async ({ profile }) => {
      const known = await tokens.profiles();
      if (!known.ok) return known;
      if (!known.value.some((one) => one.id === profile)) return failure('input.invalid', { what: 'profile' });
      return changeWhenIdle({ profile, modulePath: '', token: null });
    },
    pickModule: async () => {
      const path = await dialogs.file(TEXT.pickModule, MODULE_FILES);
      return path === null ? failure('input.cancelled') : changeWhenIdle({ modulePath: path, token: null });
    },
    clearModule: async () => changeWhenIdle({ modulePath: '', token: null }),
    setToken: async (token) => changeWhenIdle({ token }),
    testModule: () => (isBusy() ? Promise.resolve(failure('token.busy')) : tokens.testModule()),
    pickMirror: async () => {
      const mirror = await dialogs.folder(TEXT.pickMirror);
      return mirror === null ? failure('input.cancelled') : changeWhenIdle({ mirror });
    },
    clearMirror: async () => changeWhenIdle({ mirror: '' }),
    setAws: async (wanted) => {
      const endpoint = readEndpoint(wanted.endpoint, 'rehearsal');
      return endpoint.ok ? changeWhenIdle({ aws: { ...wanted, endpoint: endpoint.value.url } }) : endpoint;
    },
    identify: async ({ runMode }) => success(await aws.identify(runMode)),
  };
}
