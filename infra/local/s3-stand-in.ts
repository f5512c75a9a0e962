import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type LoopbackServer, listen } from './loopback.ts';
import { type S3Objects, s3Objects } from './s3-objects.ts';
import { type S3Keys, signatureFault } from './s3-signature.ts';

export type S3StandInOptions = {
  /** Where the objects are kept. */
  readonly folder: string;
  readonly bucket: string;
  readonly keys: S3Keys;
  /** Epoch ms. */
  readonly now: () => number;
};

/**
 * S3 as far as Sendeplan uses it: PUT, GET with a range, HEAD and DELETE of one object, by presigned addresses with
 * the bucket in the path. Everything streams. An upload is refused, and leaves nothing, unless it is what was signed.
 */
export async function serveS3({ folder, bucket, keys, now }: S3StandInOptions): Promise<LoopbackServer> {
  const objects = await s3Objects(folder);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = signatureFault(request, keys, now());
    // A body that is refused is read to its end, so that the refusal is read, too.
    if (fault) request.resume();
    if (fault) return refuse(response, 403, fault);
    const [asked, ...rest] = pathOf(request);
    const path = rest.join('/');
    if (asked !== bucket) return refuse(response, 404, 'NoSuchBucket');
    // An object is a file here: nothing of its key may lead elsewhere.
    if (rest.length === 0 || !rest.every((part) => /^\w[\w.-]*$/.test(part)))
      return refuse(response, 400, 'KeyNotSupported');
    if (request.method === 'PUT') return put(objects, path, request, response);
    if (request.method === 'DELETE') {
      await objects.delete(path);
      response.writeHead(204).end();
      return;
    }
    if (request.method === 'GET' || request.method === 'HEAD') return read(objects, path, request, response);
    refuse(response, 405, 'MethodNotAllowed');
  };

  return listen((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'InternalError');
    });
  });
}

async function put(
  objects: S3Objects,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { 'content-type': type, 'content-length': length, 'x-amz-checksum-sha256': sha256 } = request.headers;
  if (length === undefined) return refuse(response, 411, 'MissingContentLength');
  const kept = await objects.write(path, request, {
    type: type ?? 'binary/octet-stream',
    bytes: Number(length),
    ...(typeof sha256 === 'string' ? { sha256 } : {}),
  });
  if (!kept) return refuse(response, 400, 'BadDigest');
  response.writeHead(200).end();
}

async function read(
  objects: S3Objects,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await objects.stat(path);
  if (!found) return refuse(response, 404, 'NoSuchKey');
  const { bytes, type } = found;
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', 'x-content-type-options': 'nosniff' };
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...headers, 'content-length': bytes }).end();
    return;
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = Number(range?.[1] ?? 0);
  const to = range?.[2] ? Math.min(Number(range[2]) + 1, bytes) : bytes;
  if (range && from >= bytes) return refuse(response, 416, 'InvalidRange');
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': to - from,
    ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${bytes}` } : {}),
  });
  if (to === from) response.end();
  else await pipeline(objects.read(path, from, to), response);
}

function pathOf(request: IncomingMessage): readonly string[] {
  const { pathname } = new URL(request.url ?? '/', 'http://s3');
  return pathname.split('/').slice(1).map(decodeURIComponent);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
}
