/** Whole URLs that come to a forbidden address by the reading of `URL`, however they look. */
export const MISLEADING: readonly string[] = [
  ...[
    'https:127.0.0.1',
    'https:/127.0.0.1',
    'https:///127.0.0.1/',
    'https:////127.0.0.1/a',
    'HTTPS://127.0.0.1',
  ],
  ...[
    'https:\\\\127.0.0.1\\',
    'https:/\\127.0.0.1',
    'https:\\/127.0.0.1/',
    'https://127.0.0.1\\@public.test/',
  ],
  ...['ht\ntps://127.0.0.1/', 'https://127.0\t.0.1/', 'https://127.0.\r\n0.1/', '\u0000https://127.0.0.1/'],
  ...['  https://127.0.0.1/  ', '\thttps://10.0.0.1\n', 'https://10.0.0.1#@public.test/'],
  ...['https://10.0.0.1?@public.test/', 'https://10.0.0.1/@public.test', 'https://10.0.0.1?.public.test'],
  ...['https://10.0.0.1:443/', 'https://10.0.0.1:0443/', 'https://@10.0.0.1/', 'https://:@10.0.0.1/'],
  `https://10.0.0.1/${'a'.repeat(10_000)}`,
  `https://169.254.169.254/latest/?${'b=c&'.repeat(5_000)}`,
];

/** Names whose addresses are forbidden: the test's name server says 127.0.0.1 to each. As a URL writes the host. */
export const INSIDE_NAMES: readonly string[] = [
  ...[
    'localhost',
    'LOCALHOST',
    'LocalHost.',
    'localhost.',
    'a.localhost',
    'a.b.localhost.',
    'localhost.localdomain',
  ],
  ...[
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'ｌｏｃａｌｈｏｓｔ',
    'locaⅼhost',
    'local\u00adhost',
    'loc%61lhost',
    'a。localhost',
    '%6Cocalhost',
  ],
  ...['ip6-localhost', 'ip6-loopback', 'broadcasthost', 'host.docker.internal', 'kubernetes.default.svc'],
  ...['metadata', 'metadata.google.internal', 'metadata.google.internal.', 'METADATA.GOOGLE.INTERNAL'],
  ...['instance-data', 'instance-data.ec2.internal', 'metadata.tencentyun.com', 'metadata.packet.net'],
  ...[
    '127.0.0.1.nip.io',
    '169.254.169.254.sslip.io',
    '7f000001.test',
    'localtest.me',
    'lvh.me',
    '1.2.3.4.test',
  ],
  ...[
    'bücher.test',
    'xn--bcher-kva.test',
    'ｂücher。test',
    'faß.test',
    'xn--fa-hia.test',
    '例え.test',
    'router.local',
  ],
  ...[
    '_http.test',
    'a--b.test',
    'a_b.test',
    'xn--',
    'printer',
    'nas.lan',
    'x.home.arpa',
    '1.0.0.127.in-addr.arpa',
  ],
];

/** Whole URLs that are refused as they stand, though their host is public, or that are none. */
export const FORBIDDEN_URLS: Readonly<Record<string, readonly string[]>> = {
  'another scheme': [
    ...['http://public.test/', 'http://1.1.1.1/', 'http://127.0.0.1/', 'http://[::1]/', 'hTTp:public.test'],
    ...[
      'ftp://public.test/',
      'ftps://public.test/',
      'sftp://public.test/',
      'tftp://public.test/',
      'ws://public.test/',
    ],
    ...[
      'wss://public.test/',
      'gopher://127.0.0.1:6379/_INFO',
      'dict://127.0.0.1:11211/stat',
      'ldap://127.0.0.1/',
    ],
    ...[
      'file:///etc/passwd',
      'file://public.test/etc/passwd',
      'data:text/plain,x',
      'data://text/plain;base64,eA==',
    ],
    ...[
      'javascript:alert(1)',
      'blob:https://public.test/x',
      'about:blank',
      'jar:https://public.test!/',
      'unix:/run/s',
    ],
    ...[
      'http+unix://%2Frun%2Fs/',
      'netdoc:///etc/passwd',
      'view-source:https://public.test/',
      'mailto:a@public.test',
    ],
    ...[
      'httpss://public.test/',
      'shttp://public.test/',
      'php://filter',
      'smb://public.test/',
      'ssh://public.test/',
    ],
    `${'x'.repeat(5_000)}://public.test/`,
  ],
  'a login in the URL': [
    ...['https://user@public.test/', 'https://user:password@public.test/', 'https://:password@public.test/'],
    ...[
      'https://public.test@10.0.0.1/',
      'https://10.0.0.1@public.test/',
      'https://public.test:443@127.0.0.1/',
    ],
    ...['https://a@b@public.test/', 'https://public.test%40@127.0.0.1/', 'https://%00@public.test/'],
    ...['https://public.test\t@127.0.0.1/', 'https:user@public.test', 'https://public.test&@127.0.0.1'],
  ],
  'another port': [
    ...[
      'https://public.test:80/',
      'https://public.test:22/',
      'https://public.test:25/',
      'https://public.test:0/',
    ],
    ...[
      'https://public.test:465/',
      'https://public.test:3306/',
      'https://public.test:5432/',
      'https://1.1.1.1:6379/',
    ],
    ...[
      'https://public.test:8443/',
      'https://public.test:8080/',
      'https://public.test:11211/',
      'https://[2606:4700::1111]:444/',
    ],
    ...[
      'https://public.test:65535/',
      'https://127.0.0.1:2375/',
      'https://localhost:9200/',
      'https://10.0.0.1:10250/',
    ],
  ],
  'no URL': [
    ...[
      '',
      ' ',
      'public.test',
      '//127.0.0.1/',
      '/etc/passwd',
      'https://',
      'https:///',
      'https://[',
      'https://[::1',
    ],
    ...[
      'https://[fe80::1%25eth0]/',
      'https://[fe80::1%eth0]/',
      'https://[::1%25lo]/',
      'https://::1/',
      'https://[::g]/',
    ],
    ...[
      'https://4294967296/',
      'https://0x100000000/',
      'https://256.0.0.1/',
      'https://127.0.0.256/',
      'https://1.2.3.4.5/',
    ],
    ...['https://127.0.0.08/', 'https://%5B::1%5D/', 'https://127.0.0.1%00/', 'https://127.0.0.1%0d%0a/'],
    ...[
      'https://127.0.0.1 .public.test/',
      'https://public.test:99999/',
      'https://public.test:-1/',
      'https://a:４４３/',
    ],
    ...['https://127.0.0.1%2f@public.test%2f/', 'https://%2f127.0.0.1/', 'https://a<b>.test/'],
  ],
  'too long a name': [
    `https://${'a'.repeat(64)}.${'b'.repeat(200)}.test/`,
    `https://${'a.'.repeat(5_000)}test/`,
  ],
};

/** What a server may answer as `Location` that leads inside, or to where nothing is asked. `file:` and so on as above. */
export const FORBIDDEN_LOCATIONS: readonly string[] = [
  ...[
    '//127.0.0.1/',
    '///127.0.0.1/',
    '////10.0.0.1',
    '/\\127.0.0.1/',
    '\\\\127.0.0.1\\',
    '\\/169.254.169.254/',
  ],
  ...[
    '/\t/127.0.0.1/',
    '//localhost/',
    '//[::1]/',
    '//0/',
    '//2130706433/',
    '//user@127.0.0.1/',
    '//a@public.test/',
  ],
  ...['//public.test:8443/', '//１２７.1/', '//127.1:443/', ' //127.0.0.1', '//metadata.google.internal/'],
];

/** The control: hosts, as a URL writes them, that must be let through; all at the test's public address. */
export const PUBLIC_HOSTS: readonly string[] = [
  ...[
    'public.test',
    'PUBLIC.TEST',
    'public.test.',
    'public.test:443',
    'ｐublic.test',
    'p%75blic.test',
    'public。test',
  ],
  ...[
    '@public.test',
    'bücher.public.test',
    'xn--bcher-kva.public.test',
    '10.0.0.1.public.test',
    'localhost.public.test',
  ],
];
