import { failure, success, type Result } from '../core/contract/result';
import type { ModuleReport, TokenReport } from '../core/contract/token-values';
import type { ModuleTest, ProfileSummary, Settings } from '../core/contract/values';
import { findModule, inspectModuleFile } from '../core/pkcs11/module-file';
import type { TokenAddress, TokenPort } from '../core/pkcs11/port';
import { candidatesHere, loadProfiles, type Profile } from '../core/pkcs11/profile';
import { practiceToken } from '../core/rehearsal/rehearsal-ground';
import { prepareTokenFolder, type TokenFolder } from '../core/rehearsal/softhsm';
import type { TokenProcess } from '../core/station/port';

/** `blank`: a token that is to be initialised in the ceremony. */
interface Need {
  readonly blank: boolean;
}

/** Which token the settings mean, and processes to reach it. */
export interface TokenSource {
  readonly profiles: () => Promise<Result<readonly ProfileSummary[]>>;
  readonly address: (need: Need) => Promise<Result<TokenAddress>>;
  /** A token child of its own, for one ceremony. */
  readonly start: () => Promise<Result<TokenProcess>>;
  /** A token child for one question, ended with the answer. */
  readonly use: <T>(work: (port: TokenPort) => Promise<Result<T>>) => Promise<Result<T>>;
  readonly report: () => Promise<Result<TokenReport>>;
  readonly testModule: () => Promise<Result<ModuleTest>>;
}

export interface TokenGround {
  readonly profilesFolder: string;
  /** of the embedded SoftHSM token */
  readonly rehearsalFolder: string;
  readonly settings: () => Pick<Settings, 'profile' | 'modulePath' | 'token' | 'embeddedToken'>;
  /** `names`: environment variables the vendor's library needs; `extra`: values of our own. */
  readonly fork: (names: readonly string[], extra: Readonly<Record<string, string>>) => TokenProcess;
}

/** The module of the settings; `folder` where it is the embedded token's. */
interface Place {
  readonly profile: Profile;
  readonly modulePath: string;
  readonly folder: TokenFolder | null;
}

const READY: Need = { blank: false };

async function summary(profile: Profile): Promise<ProfileSummary> {
  const { id, title, rehearsalOnly, notes } = profile;
  return { id, title, rehearsalOnly, candidates: candidatesHere(profile), found: await findModule(profile), notes };
}

/** A module that offers no token to ask is at least named by path and digest. */
async function moduleOf(path: string): Promise<Result<ModuleReport>> {
  const file = await inspectModuleFile(path);
  return file.ok ? success({ ...file.value, cryptoki: '', manufacturer: '', description: '', version: '' }) : file;
}

async function placeOf(ground: TokenGround): Promise<Result<Place>> {
  const { profile: id, modulePath: picked, embeddedToken } = ground.settings();
  const profiles = await loadProfiles(ground.profilesFolder);
  if (!profiles.ok) return profiles;
  const profile = profiles.value.find((one) => one.id === id);
  if (!profile) return failure('input.invalid', { what: 'profile', profile: id });
  if (embeddedToken) {
    const folder = await prepareTokenFolder(ground.rehearsalFolder, profile);
    return folder.ok ? success({ profile, modulePath: folder.value.modulePath, folder: folder.value }) : folder;
  }
  const modulePath = picked === '' ? await findModule(profile) : picked;
  return modulePath === '' ? failure('token.moduleMissing', { profile: id }) : success({ profile, modulePath, folder: null });
}

async function testOf(port: TokenPort, place: Place, address: Result<TokenAddress>): Promise<Result<ModuleTest>> {
  const tokens = await port.list({ modulePath: place.modulePath, profile: place.profile.id });
  if (!tokens.ok) return tokens;
  const opened = address.ok ? await port.open(address.value) : address;
  const chosen = opened.ok ? opened.value.token : null;
  const module = chosen ? success(chosen.module) : await moduleOf(place.modulePath);
  return module.ok ? success({ module: module.value, tokens: tokens.value, chosen }) : module;
}

export function openTokenSource(ground: TokenGround): TokenSource {
  const forkAt = ({ profile, folder }: Place): TokenProcess => ground.fork(profile.environment, folder?.environment ?? {});

  async function at<T>(place: Place, work: (port: TokenPort) => Promise<Result<T>>): Promise<Result<T>> {
    const child = forkAt(place);
    try {
      return await work(child.port);
    } finally {
      await child.stop();
    }
  }

  /** One after the other: two questions at once (desk and inventory) must not each make the practice token they both miss. */
  let practice: Promise<unknown> = Promise.resolve();
  let ready: TokenAddress | null = null;
  async function findPractice(place: Place, folder: TokenFolder, blank: boolean): Promise<Result<TokenAddress>> {
    if (ready !== null && !blank) return success(ready);
    const address = await practiceToken(forkAt(place), folder, blank);
    if (address.ok && !blank) ready = address.value;
    return address;
  }

  function practiceAddress(place: Place, folder: TokenFolder, blank: boolean): Promise<Result<TokenAddress>> {
    const address = practice.then(() => findPractice(place, folder, blank));
    practice = address.catch(() => undefined);
    return address;
  }

  /** Opens the token; a practice token that is gone (its folder was removed) is looked for anew the next time. */
  async function reportAt(port: TokenPort, address: TokenAddress): Promise<Result<TokenReport>> {
    const opened = await port.open(address);
    if (!opened.ok) ready = null;
    return opened.ok ? success(opened.value.token) : opened;
  }

  async function addressAt(place: Place, { blank }: Need): Promise<Result<TokenAddress>> {
    if (place.folder) return practiceAddress(place, place.folder, blank);
    const { token } = ground.settings();
    return token
      ? success({ modulePath: place.modulePath, profile: place.profile.id, ...token })
      : failure('token.notFound', { reason: 'none chosen' });
  }

  async function withPlace<T>(work: (place: Place) => Promise<Result<T>>): Promise<Result<T>> {
    const place = await placeOf(ground);
    return place.ok ? work(place.value) : place;
  }

  return {
    profiles: async () => {
      const profiles = await loadProfiles(ground.profilesFolder);
      return profiles.ok ? success(await Promise.all(profiles.value.map(summary))) : profiles;
    },
    address: (need) => withPlace((place) => addressAt(place, need)),
    start: () => withPlace((place) => Promise.resolve(success(forkAt(place)))),
    use: (work) => withPlace((place) => at(place, work)),
    report: () =>
      withPlace(async (place) => {
        const address = await addressAt(place, READY);
        if (!address.ok) return address;
        return at(place, (port) => reportAt(port, address.value));
      }),
    testModule: () =>
      withPlace(async (place) => {
        const address = await addressAt(place, READY);
        return at(place, (port) => testOf(port, place, address));
      }),
  };
}
