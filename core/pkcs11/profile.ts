import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { KEY_SPECS } from '../keys/spec';
import { WRAPPING_ALGORITHMS } from '../keys/wrapping';

const attribute = z.templateLiteral(['CKA_', z.string()]);
const mechanismName = z.string().regex(/^(CKM_[A-Z0-9_]+|0x[0-9a-f]+)$/);
const paths = z.array(z.string().min(1));

/**
 * What is known of one PKCS#11 module, as data (`resources/profiles/<id>.json`). A profile says nothing about a single token:
 * what a token can do is asked from the token.
 */
export const profileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  title: z.string().min(1),
  /** true: no hardware behind it; keys made with it are for practice */
  rehearsalOnly: z.boolean(),
  /** does our own test suite run against this module, or is the profile written from documentation? */
  knownFrom: z.enum(['tests', 'documentation']),
  /** usual places of the module file, per platform, most likely first */
  candidates: z.strictObject({ linux: paths, darwin: paths, win32: paths }),
  /** environment variables the vendor's library needs; nothing else is passed to the token child */
  environment: z.array(z.string().regex(/^[A-Za-z0-9_]+$/)),
  /** for modules that want a string at C_Initialize (NSS); `${NAME}` stands for one of `environment` */
  libraryParameters: z.string().nullable(),
  /** bytes a CKA_LABEL can hold */
  labelBytes: z.int().min(1).max(255),
  /**
   * Who makes the IV of AES-GCM: `caller` - we pass it; `prepended`/`appended` - the token does, and puts it before or after the
   * ciphertext; `hidden` - the token writes it over the one that was passed, in the memory of the parameter.
   */
  gcm: z.strictObject({ iv: z.enum(['caller', 'prepended', 'appended', 'hidden']), mechanism: mechanismName }),
  /** mechanisms that wrap a secret or a private key under AES, for the negative test; null: the module has none we can use */
  wrap: z.strictObject({ secret: mechanismName.nullable(), private: mechanismName.nullable() }),
  /** how the module wraps a key for AWS KMS; null: it does not, or not in a way this program can use */
  byok: z
    .strictObject({
      /**
       * The mechanism of the second step of RSA_AES_KEY_WRAP_*: AES key wrap with padding (RFC 5649), under an AES key that the security
       * officer made. null: the module has none, or its security officer cannot make a key. (CKM_RSA_AES_KEY_WRAP in one step is out of
       * reach: see docs/decisions on wrapping.)
       */
      keyWrap: mechanismName.nullable(),
      /**
       * What is known to go wrong: these key specs, in these wrappings, are not wrapped with this module. A trial wrap looks for itself
       * and does not believe this list; a wrap of a real key does.
       */
      defects: z.array(
        z.strictObject({
          algorithms: z.array(z.enum(WRAPPING_ALGORITHMS)).min(1),
          keySpecs: z.array(z.enum(KEY_SPECS)).min(1),
          sentence: z.string().min(1),
        }),
      ),
    })
    .nullable(),
  /** attributes the module ignores or lacks: left out of the plan and shown as not provable, with this reason */
  missing: z.array(
    z.strictObject({ name: attribute, class: z.enum(['secret', 'public', 'private']).nullable(), reason: z.string().min(1) }),
  ),
  /** sentences for people; what we have from documentation only is said to be so */
  notes: z.array(z.string().min(1)),
});

export type Profile = z.infer<typeof profileSchema>;

async function loadOne(folder: string, name: string): Promise<Result<Profile>> {
  const text = await readFile(join(folder, name), 'utf8');
  try {
    const profile = profileSchema.parse(JSON.parse(text));
    if (`${profile.id}.json` !== name) return failure('input.invalid', { file: name, problem: `its id is "${profile.id}"` });
    return success(profile);
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return failure('input.invalid', { file: name, problem });
  }
}

/** All profiles of a folder, by title. One that does not parse strictly refuses the whole folder, with its file name and the problem. */
export async function loadProfiles(folder: string): Promise<Result<readonly Profile[]>> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return failure('file.notFound', { folder });
  const profiles: Profile[] = [];
  for (const name of names.filter((file) => file.endsWith('.json')).toSorted()) {
    const loaded = await loadOne(folder, name);
    if (!loaded.ok) return loaded;
    profiles.push(loaded.value);
  }
  return success(profiles.toSorted((a, b) => a.title.localeCompare(b.title, 'en')));
}

/** The candidates of this platform; empty where the profile names none. */
export function candidatesHere(profile: Profile): readonly string[] {
  const platform = process.platform;
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? profile.candidates[platform] : [];
}
