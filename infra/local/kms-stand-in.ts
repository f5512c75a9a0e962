import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AwsFault, type StandIn } from './aws-stand-in.ts';
import { readIfThere, writeDurably } from './durable-file.ts';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const context = z.record(z.string(), z.string()).default({});
const generateDataKey = z.object({
  KeyId: z.string(),
  KeySpec: z.literal('AES_256'),
  EncryptionContext: context,
});
const decrypt = z.object({
  KeyId: z.string().optional(),
  CiphertextBlob: z.base64(),
  EncryptionContext: context,
});

/** KMS with one key, whose bytes lie in a file that only its owner may read. The encryption context is bound in. */
export async function kmsStandIn(path: string, keyId: string): Promise<StandIn> {
  const master = await masterKey(path);

  const operations: Record<string, (body: unknown) => unknown> = {
    'TrentService.GenerateDataKey': (body) => {
      const request = checked(generateDataKey, body);
      expectKey(request.KeyId, keyId);
      const plain = randomBytes(32);
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, master, iv).setAAD(bound(keyId, request.EncryptionContext));
      const wrapped = Buffer.concat([cipher.update(plain), cipher.final()]);
      return {
        KeyId: keyId,
        Plaintext: plain.toString('base64'),
        CiphertextBlob: Buffer.concat([iv, cipher.getAuthTag(), wrapped]).toString('base64'),
      };
    },
    'TrentService.Decrypt': (body) => {
      const request = checked(decrypt, body);
      expectKey(request.KeyId ?? keyId, keyId);
      const blob = Buffer.from(request.CiphertextBlob, 'base64');
      try {
        const decipher = createDecipheriv(CIPHER, master, blob.subarray(0, IV_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAuthTag(blob.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        decipher.setAAD(bound(keyId, request.EncryptionContext));
        const plain = Buffer.concat([decipher.update(blob.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
        return { KeyId: keyId, Plaintext: plain.toString('base64') };
      } catch {
        throw new AwsFault('InvalidCiphertextException', 'the ciphertext or its context is wrong');
      }
    },
  };

  return {
    owns: (call) => call.target.startsWith('TrentService.'),
    answer: async (call) => {
      const operation = operations[call.target];
      if (!operation) throw new AwsFault('UnknownOperationException', `no ${call.target} here`);
      return operation(call.body);
    },
  };
}

/** Without it nothing that was sealed opens again, so it is on the disk before it is used. */
async function masterKey(path: string): Promise<Buffer> {
  const kept = await readIfThere(path);
  if (kept === undefined) {
    const made = randomBytes(32);
    await writeDurably(path, made.toString('hex'), 0o600);
    return made;
  }
  if (!/^[0-9a-f]{64}$/.test(kept)) throw new Error(`${path} is not a key file of Sendeplan`);
  return Buffer.from(kept, 'hex');
}

function bound(keyId: string, encryptionContext: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(JSON.stringify([keyId, Object.entries(encryptionContext).sort()]));
}

function expectKey(asked: string, keyId: string): void {
  if (asked !== keyId) throw new AwsFault('NotFoundException', `there is no key ${asked}`);
}

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw new AwsFault('ValidationException', z.prettifyError(result.error));
  return result.data;
}
