import { describe, expect, test } from 'vitest';
import { isAllowedAddress, urlProblem } from '../../../shared/channels/address-guard.ts';

const deployed = { allowLoopback: false };
const laptop = { allowLoopback: true };

const PUBLIC = [
  '1.1.1.1',
  '93.184.216.34',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.0',
].concat([
  '169.253.255.255',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700::1111',
  '2a01:4f8::1',
  '2001:4860::8888',
]);
const LOOPBACK = ['127.0.0.1', '127.255.255.254', '::1'];
const REFUSED = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  'link-local and metadata': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'multicast and reserved': ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  'special purpose': ['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.88.99.1'],
  'unique local': ['fc00::1', 'fdff::1'],
  'IPv4 in disguise': [
    '::ffff:10.0.0.1',
    '::ffff:93.184.216.34',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2002:0a00:0001::1',
    '2001:0:53aa:64c::1',
  ],
  'no unicast': ['2001:db8::1', '3fff::1', '100::1', '5f00::1', 'fec0::1'],
  'no address at all': ['', 'localhost', '127.1', '999.1.1.1', 'example.org'],
};

describe('isAllowedAddress', () => {
  test.each(PUBLIC)('lets %s pass, by https', (address) => {
    expect(isAllowedAddress(address, deployed)).toBe(true);
    expect(isAllowedAddress(address, laptop)).toBe(true);
    expect(isAllowedAddress(address, laptop, 'http:')).toBe(false);
  });

  test.each(LOOPBACK)('lets loopback %s pass on the laptop only', (address) => {
    expect(isAllowedAddress(address, deployed)).toBe(false);
    expect(isAllowedAddress(address, laptop)).toBe(true);
    expect(isAllowedAddress(address, laptop, 'http:')).toBe(true);
  });

  for (const [kind, addresses] of Object.entries(REFUSED)) {
    test.each(addresses)(`refuses ${kind}: %s`, (address) => {
      expect(isAllowedAddress(address, deployed)).toBe(false);
      expect(isAllowedAddress(address, laptop)).toBe(false);
    });
  }
});

describe('urlProblem', () => {
  test.each([
    'https://example.org/',
    'https://example.org:443/a?b',
    'https://1.1.1.1/',
    'https://[2606:4700::1111]/',
  ])('has nothing against %s', (url) => {
    expect(urlProblem(url, deployed)).toBeUndefined();
  });

  test.each([
    ['http://example.org/', 'only https'],
    ['ftp://example.org/', 'only https'],
    ['file:///etc/passwd', 'only https'],
    ['data:text/plain,x', 'only https'],
    ['https://user@example.org/', 'user name or password'],
    ['https://user:pw@example.org/', 'user name or password'],
    ['https://169.254.169.254/', 'public'],
    ['https://[::ffff:169.254.169.254]/', 'public'],
    ['https://0xa9fea9fe/', 'public'],
    ['https://0251.0376.0251.0376/', 'public'],
    ['https://127.0.0.1/', 'public'],
    ['example.org', 'not a URL'],
    ['', 'not a URL'],
  ])('refuses %s', (url, why) => {
    expect(urlProblem(url, deployed)).toContain(why);
  });

  test('lets plain http to loopback pass on the laptop, and to nothing else', () => {
    expect(urlProblem('http://127.0.0.1:8080/', laptop)).toBeUndefined();
    expect(urlProblem('http://[::1]:8080/', laptop)).toBeUndefined();
    expect(urlProblem('http://10.0.0.1/', laptop)).toContain('public');
    expect(urlProblem('http://1.1.1.1/', laptop)).toContain('public');
  });
});
