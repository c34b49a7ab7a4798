import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { errnoOf } from '../pack/disk-failure';
import { readChosenFile, SMALL_FILE_MAX_BYTES } from '../pack/small-file';

const address = z.string().min(1);

/** As much of the proxy's settings as its supervisor goes by. Whether they are any good is for the proxy to say. */
const glanced = z.object({
  server: z
    .object({ ip: address.default('0.0.0.0'), port: z.int().min(0).default(443), region: z.string().default('') })
    .optional(),
  security: z.object({ is_tls_enabled: z.boolean().optional() }).optional(),
  tls: z.object({ tls_cert_pem: z.string().optional() }).optional(),
  hsm: z.object({ profile: z.string().optional(), pin_from: z.string().optional() }).optional(),
  state: z.object({ folder: z.string() }).optional(),
  audit: z.object({ folder: z.string() }).optional(),
  authorization: z.object({ policy_file: z.string() }).optional(),
  metrics: z.object({ ip: address.optional() }).optional(),
  external_key_stores: z
    .array(
      z.object({
        uri_path_prefix: z.string().default(''),
        xks_key_id_set: z.array(z.string()).default([]),
        region: z.string().optional(),
        credentials: z.array(z.object({ access_key_id: z.string(), secret_file: z.string().optional() })).default([]),
      }),
    )
    .optional(),
});

export type SettingsGlance = z.infer<typeof glanced>;

/**
 * Never waits for a pipe that lies there.
 * @returns null where there is no settings file: nothing was set up; an empty one where the proxy itself has to say what is wrong
 */
export async function glanceAtSettings(file: string): Promise<SettingsGlance | null> {
  try {
    const found = await readChosenFile(file, SMALL_FILE_MAX_BYTES);
    if (found.kind === 'none') return null;
    const read = glanced.safeParse(found.kind === 'text' ? parse(found.text) : {});
    return read.success ? read.data : {};
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return null;
    if (error instanceof TomlError || errnoOf(error) !== '') return {};
    throw error;
  }
}
