import { describe, expect, test } from 'vitest';
import { type FormFile, multipart } from '../../../shared/channels/multipart.ts';
import type { StreamedBody } from '../../../shared/channels/provider.ts';

type Fields = Parameters<typeof multipart>[1];

async function bytesOf({ chunks }: StreamedBody): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks()) all.push(chunk);
  return Buffer.concat(all);
}

/** What a server makes of it that reads forms by the standard: Node's own. */
async function parsed(fields: Fields, files: readonly FormFile[] = []): Promise<FormData> {
  const { headers, body } = multipart('dlv_1.hash', fields, files);
  const bytes = await bytesOf(body);
  expect(bytes.length).toBe(body.bytes);
  const request = new Request('http://127.0.0.1/', {
    method: 'POST',
    headers: { ...headers },
    body: new Uint8Array(bytes),
  });
  return request.formData();
}

function aFile(bytes: Uint8Array, over: Partial<FormFile> = {}): FormFile {
  return {
    field: 'file',
    fileName: 'bread.jpg',
    type: 'image/jpeg',
    bytes: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5);
    },
    ...over,
  };
}
const everyByte = Uint8Array.from({ length: 256 }, (_, n) => n);

describe('the bytes of a form', () => {
  test('are those of RFC 7578, the fields first', async () => {
    const { headers, body } = multipart('b', [['text', 'Grüße']], [aFile(Buffer.from('JPEG'))]);
    const boundary = /^multipart\/form-data; boundary=([\w-]{1,70})$/.exec(
      headers['content-type'] ?? '',
    )?.[1];
    expect(boundary).toBeDefined();
    expect((await bytesOf(body)).toString()).toBe(
      [
        `--${boundary}`,
        'content-disposition: form-data; name="text"',
        '',
        'Grüße',
        `--${boundary}`,
        'content-disposition: form-data; name="file"; filename="bread.jpg"',
        'content-type: image/jpeg',
        '',
        'JPEG',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });

  test('are the same for the same form again', async () => {
    const make = () => bytesOf(multipart('b', [['a', '1']], [aFile(everyByte)]).body);
    expect((await make()).equals(await make())).toBe(true);
    const another = await bytesOf(multipart('c', [['a', '1']], [aFile(everyByte)]).body);
    expect((await make()).equals(another)).toBe(false);
  });

  test('of a form with nothing in it are only its end', async () => {
    expect((await bytesOf(multipart('b', [], []).body)).toString()).toMatch(/^--[\w-]+--\r\n$/);
  });

  test('come as the files give them: chunk by chunk, one file after the other, none before it is asked for', async () => {
    const read: string[] = [];
    const file = (name: string): FormFile => ({
      ...aFile(Buffer.from('ab')),
      async *chunks() {
        for (const chunk of ['a', 'b']) {
          read.push(`${name} ${chunk}`);
          yield Buffer.from(chunk);
        }
      },
    });
    const { body } = multipart('b', [], [file('one'), file('two')]);
    const seen: number[] = [];
    for await (const _ of body.chunks()) seen.push(read.length);
    // Head, two chunks and end of each file, then the end of all.
    expect(seen).toEqual([0, 1, 2, 2, 2, 3, 4, 4, 4]);
    expect(read).toEqual(['one a', 'one b', 'two a', 'two b']);
  });
});

describe('a server reads back', () => {
  test.each([
    ['text', 'Hello'],
    ['empty', ''],
    ['spaces', '  a  '],
    ['umlauts', 'Grüße 🥖 故人'],
    ['lines', 'a\r\nb\r\n\r\nc\r\n'],
    ['bare line feeds', 'a\nb'],
    ['what looks like a boundary', '--dlv_1\r\n--dlv_1.has\r\n--'],
    ['JSON', '{"text":"a \\"b\\""}'],
  ])('a field with %s', async (_name, value) => {
    expect([...(await parsed([['field', value]]))]).toEqual([['field', value]]);
  });

  test.each(['a', 'files[0]', 'poll[options][]', 'a b', 'a"b', 'ä', 'a\r\nb', 'a;b=c', "a'b"])(
    'a field by its name %j',
    async (name) => {
      expect([...(await parsed([[name, 'x']])).keys()]).toEqual([name]);
    },
  );

  test('fields of one name in their order', async () => {
    const fields: Fields = [
      ['to[]', '1'],
      ['to[]', '2'],
      ['from', '3'],
    ];
    expect([...(await parsed(fields))]).toEqual(fields);
  });

  test('a file to the byte, with its name and type', async () => {
    const file = (await parsed([['text', 'a']], [aFile(everyByte)])).get('file');
    if (!(file instanceof File)) return expect.fail('there is a file');
    expect([file.name, file.type, file.size]).toEqual(['bread.jpg', 'image/jpeg', 256]);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(everyByte);
  });

  test.each(['Brötchen.jpg', 'a "b".jpg', 'a;b.jpg', "a'b.jpg", '故人.png', 'line\r\nbreak.jpg'])(
    'a file by its name %j',
    async (fileName) => {
      const file = (await parsed([], [aFile(everyByte, { fileName })])).get('file');
      expect(file instanceof File && file.name).toBe(fileName);
    },
  );

  test('several files, an empty one among them', async () => {
    const files = [
      aFile(everyByte, { field: 'files[0]' }),
      aFile(new Uint8Array(), { field: 'files[1]' }),
      aFile(Buffer.from('\r\n'), { field: 'files[2]' }),
    ];
    const sizes = [...(await parsed([], files))].map(([name, file]) => [
      name,
      file instanceof File && file.size,
    ]);
    expect(sizes).toEqual([
      ['files[0]', 256],
      ['files[1]', 0],
      ['files[2]', 2],
    ]);
  });

  test('the type of a field that has one', async () => {
    const { body } = multipart('b', [['json', '{}', 'application/json']], []);
    expect((await bytesOf(body)).toString()).toContain(
      'name="json"\r\ncontent-type: application/json\r\n\r\n{}\r\n',
    );
    expect((await parsed([['json', '{}', 'application/json']])).get('json')).toBe('{}');
  });
});

test('no name gets a header of its own into the form', async () => {
  const { body } = multipart(
    'b',
    [['a"\r\nx-evil: 1\r\n\r\n', 'v']],
    [aFile(everyByte, { fileName: 'a"\r\nx-evil: 1' })],
  );
  expect((await bytesOf(body)).toString('latin1')).not.toContain('\r\nx-evil');
});
