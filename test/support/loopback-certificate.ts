import { generateKeyPairSync, sign } from 'node:crypto';

/**
 * A fresh self-signed certificate for localhost and a loopback address, in PEM: X.509 (RFC 5280) by hand, so that no
 * private key lies in the repository and no tool is needed.
 */
export function loopbackCertificate(address = '127.0.0.1'): { readonly key: string; readonly cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(SET, sequence(oid('550403'), der(UTF8, Buffer.from(address)))));
  const validity = sequence(
    der(UTC_TIME, Buffer.from('200101000000Z')),
    der(UTC_TIME, Buffer.from('491231235959Z')),
  );
  const bytes = Buffer.from(address.split('.').map(Number));
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, bytes));
  const subjectAltName = sequence(oid('551d11'), der(OCTETS, names));
  const body = sequence(
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subjectAltName)),
  );
  const signature = der(BITS, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = sequence(body, ECDSA_WITH_SHA256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

const INTEGER = 0x02;
const BITS = 0x03;
const OCTETS = 0x04;
const UTF8 = 0x0c;
const UTC_TIME = 0x17;
const SET = 0x31;
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));

/** Tag, length, value. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}
