import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { Agency } from '../../domain/agency.ts';
import { HOUR, MINUTE } from '../../domain/time.ts';
import type { Vault } from '../../ports.ts';
import { expiringCache } from './expiring-cache.ts';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Envelope encryption: KMS wraps one AES-256 key per agency, bound to the agency by the encryption context; texts are
 * sealed with it by AES-GCM. Agency, owner and field are authenticated with the text, so a sealed text opens only
 * where it was sealed for. A sealed text is `v1.<base64url of iv, tag, ciphertext>`. Plain keys stay in memory, up
 * to 500 of them, for an hour; opened texts, as many, for a minute: in a burst one credential is asked for by all.
 */
export function kmsVault(
  client: KMSClient,
  keyId: string,
  monotonic: () => number = () => performance.now(),
): Vault {
  const keys = expiringCache<Buffer>({ entries: 500, ms: HOUR, monotonic });
  const opened = expiringCache<string>({ entries: 500, ms: MINUTE, monotonic });

  const dataKey = (agency: Agency): Promise<Buffer> =>
    keys.get(`${agency.id} ${agency.dataKey}`, async () => {
      const answer = await client.send(
        new DecryptCommand({
          KeyId: keyId,
          CiphertextBlob: Buffer.from(agency.dataKey, 'base64'),
          EncryptionContext: { agency: agency.id },
        }),
      );
      if (!answer.Plaintext) throw new Error('KMS answered without a key');
      return Buffer.from(answer.Plaintext);
    });

  return {
    newDataKey: async (agencyId) => {
      const answer = await client.send(
        new GenerateDataKeyCommand({
          KeyId: keyId,
          KeySpec: 'AES_256',
          EncryptionContext: { agency: agencyId },
        }),
      );
      if (!answer.CiphertextBlob) throw new Error('KMS answered without a key');
      return Buffer.from(answer.CiphertextBlob).toString('base64');
    },

    seal: async (agency, owner, field, plain) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, await dataKey(agency), iv);
      cipher.setAAD(boundTo(agency.id, owner, field));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },

    open: (agency, owner, field, sealed) =>
      opened.get(JSON.stringify([agency.id, agency.dataKey, owner, field, sealed]), () =>
        unseal(agency, owner, field, sealed),
      ),
  };

  async function unseal(agency: Agency, owner: string, field: string, sealed: string): Promise<string> {
    const [version, body] = sealed.split('.');
    const bytes = Buffer.from(body ?? '', 'base64url');
    if (version !== VERSION || bytes.length < IV_BYTES + TAG_BYTES) {
      throw new Error(`not a sealed text of version ${VERSION}`);
    }
    const key = await dataKey(agency);
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    decipher.setAAD(boundTo(agency.id, owner, field));
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return plain.toString('utf8');
  }
}

function boundTo(agencyId: string, owner: string, field: string): Buffer {
  return Buffer.from([agencyId, owner, field].join('|'));
}
