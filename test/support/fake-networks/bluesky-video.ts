import { createHash } from 'node:crypto';
import { HOUR, SECOND } from '../../../shared/domain/time.ts';
import type { BlobStore, StoredBlob } from './bluesky-blobs.ts';
import type { Received, Reply } from './server.ts';

export type VideoRules = {
  readonly limits?: Record<string, unknown>;
  /** How often a job says that it is at work before it is done. */
  readonly looks?: number;
  readonly partSizeBytes?: number;
  /** What a job ends with instead of a video. */
  readonly failure?: { readonly failureCode?: string; readonly error: string; readonly times?: number };
};

export type FakeVideo = ReturnType<typeof fakeVideo>;

type Upload = { size: number; parts: Map<number, Uint8Array>; job?: string };

/**
 * Bluesky's video service as its clients meet it: tokens of the account's server, one upload or parts, jobs that take
 * their time, and bytes that it knows again. The single upload answers without its frame, as the real one does.
 */
export function fakeVideo({
  did,
  now,
  blobs,
  limits = { canUpload: true, remainingDailyVideos: 24, remainingDailyBytes: 10_000_000_000 },
  looks = 2,
  partSizeBytes = 8 * 1_024 * 1_024,
  failure,
}: VideoRules & { did: string; now: () => number; blobs: BlobStore }) {
  const tokens = new Map<string, { aud: string; lxm: string; until: number }>();
  const jobs = new Map<string, { left: number; bytes: Uint8Array; blob?: StoredBlob }>();
  const uploads = new Map<string, Upload>();
  const byHash = new Map<string, string>();
  let failures = failure?.times ?? (failure ? Number.POSITIVE_INFINITY : 0);

  const allowed = ({ headers }: Received, lxm: string): Reply | undefined => {
    const token = tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (token === undefined || token.until <= now()) return refusal(401, 'AuthRequired', 'no such token');
    return token.lxm === lxm && token.aud === 'did:web:127.0.0.1'
      ? undefined
      : refusal(401, 'AuthRequired', `for ${token.lxm}`);
  };
  const begin = (bytes: Uint8Array): { id: string; known: boolean } => {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const known = byHash.get(hash);
    if (known !== undefined && jobs.get(known)?.blob) return { id: known, known: true };
    const id = `job${jobs.size + 1}`;
    jobs.set(id, { left: looks, bytes });
    byHash.set(hash, id);
    return { id, known: false };
  };
  const statusOf = (id: string): Record<string, unknown> | undefined => {
    const job = jobs.get(id);
    if (job === undefined) return undefined;
    if (job.left > 0) {
      job.left -= 1;
      return { jobId: id, did, state: 'JOB_STATE_ENCODING', progress: 40 };
    }
    if (failures > 0 && failure) {
      failures -= 1;
      return { jobId: id, did, state: 'JOB_STATE_FAILED', message: 'Failed to process video', ...failure };
    }
    // What it puts on the account's server is not what was sent.
    job.blob ??= blobs.keep(Buffer.concat([Buffer.from('optimised'), job.bytes]), 'video/mp4');
    return { jobId: id, did, state: 'JOB_STATE_COMPLETED', blob: job.blob };
  };
  const uploadOf = (id: unknown): Upload | undefined => uploads.get(String(id));

  const methods: Record<string, (request: Received) => Reply> = {
    'app.bsky.video.getUploadLimits': (request) =>
      allowed(request, 'app.bsky.video.getUploadLimits') ?? { status: 200, body: limits },
    'app.bsky.video.uploadVideo': (request) => {
      const refused = allowed(request, 'com.atproto.repo.uploadBlob');
      if (refused) return refused;
      if (request.headers['content-type'] !== 'video/mp4' || !request.headers['content-length']) {
        return refusal(400, 'UnsupportedContentType', 'not a video');
      }
      if (request.url.searchParams.get('did') !== did || !request.url.searchParams.get('name')) {
        return refusal(400, 'InvalidRequest', 'missing did or name');
      }
      const { id, known } = begin(request.bytes);
      if (!known) return { status: 200, body: { jobId: id, did, state: 'JOB_STATE_CREATED' } };
      const body = { jobId: id, did, state: 'JOB_STATE_COMPLETED', error: 'already_exists' };
      return { status: 409, body: { ...body, message: 'Video already processed' } };
    },
    'app.bsky.video.getJobStatus': ({ url }) => {
      const status = statusOf(url.searchParams.get('jobId') ?? '');
      return status
        ? { status: 200, body: { jobStatus: status } }
        : refusal(404, 'JobNotFound', 'missing job');
    },
    'app.bsky.video.startUpload': (request) => {
      const refused = allowed(request, 'com.atproto.repo.uploadBlob');
      if (refused) return refused;
      const { sizeBytes, mimeType } = request.json as { sizeBytes: number; mimeType: string };
      if (mimeType !== 'video/mp4') return refusal(400, 'UnsupportedContentType', mimeType);
      if (sizeBytes > 300_000_000) return refusal(400, 'VideoTooLarge', 'too large');
      const jobId = `upload${uploads.size + 1}`;
      uploads.set(jobId, { size: sizeBytes, parts: new Map() });
      const partCount = Math.ceil(sizeBytes / partSizeBytes);
      const expiresAt = new Date(now() + HOUR).toISOString();
      return { status: 200, body: { jobId, partSizeBytes, partCount, expiresAt } };
    },
    'app.bsky.video.uploadPart': (request) => {
      const refused = allowed(request, 'com.atproto.repo.uploadBlob');
      if (refused) return refused;
      const upload = uploadOf(request.url.searchParams.get('jobId'));
      const partNumber = Number(request.url.searchParams.get('partNumber'));
      if (upload === undefined) return refusal(404, 'UploadNotFound', 'no such upload');
      if (upload.job !== undefined) return refusal(400, 'UploadAlreadyCompleted', 'it is complete');
      const expected = Math.min(partSizeBytes, upload.size - (partNumber - 1) * partSizeBytes);
      if (!(partNumber >= 1 && expected > 0)) return refusal(400, 'InvalidPartNumber', String(partNumber));
      if (request.bytes.length !== expected) return refusal(400, 'PartSizeMismatch', String(expected));
      upload.parts.set(partNumber, request.bytes);
      return { status: 200, body: { partNumber, sizeBytes: request.bytes.length } };
    },
    'app.bsky.video.finishUpload': (request) => {
      const refused = allowed(request, 'com.atproto.repo.uploadBlob');
      if (refused) return refused;
      const upload = uploadOf((request.json as { jobId: string }).jobId);
      if (upload === undefined) return refusal(404, 'UploadNotFound', 'no such upload');
      const bytes = Buffer.concat([...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part));
      if (bytes.length !== upload.size) return refusal(400, 'MissingParts', 'some are missing');
      upload.job ??= begin(bytes).id;
      const jobStatus = { jobId: upload.job, did, state: 'JOB_STATE_CREATED' };
      return { status: 200, body: { completedJobId: upload.job, jobStatus } };
    },
  };
  return {
    methods,
    /** `com.atproto.server.getServiceAuth`, which the account's server answers. */
    issue: ({ searchParams }: URL): Reply => {
      const [aud, lxm, exp] = ['aud', 'lxm', 'exp'].map((name) => searchParams.get(name));
      const until = Number(exp) * SECOND;
      if (!aud?.startsWith('did:web:') || !lxm) return refusal(400, 'InvalidRequest', 'aud and lxm');
      if (until < now() || until > now() + HOUR) return refusal(400, 'BadExpiration', String(exp));
      const token = `service-token-${tokens.size + 1}`;
      tokens.set(token, { aud, lxm, until });
      return { status: 200, body: { token } };
    },
    /** Every upload and every job is gone, as after a long time. */
    forget: () => {
      uploads.clear();
      jobs.clear();
    },
  };
}

const refusal = (status: number, error: string, message: string): Reply => ({
  status,
  body: { error, message },
});
