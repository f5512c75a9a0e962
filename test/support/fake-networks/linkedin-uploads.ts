import type { Received, Reply } from './server.ts';

type Kind = 'image' | 'document' | 'video';
type Asset = {
  readonly urn: string;
  readonly kind: Kind;
  readonly owner: string;
  readonly total: number;
  readonly parts: Map<number, { bytes: number; etag: string }>;
  status: 'WAITING_UPLOAD' | 'PROCESSING' | 'AVAILABLE' | 'PROCESSING_FAILED';
  looks: number;
};

export type LinkedinUploads = {
  readonly assets: ReadonlyMap<string, Asset>;
  /** Undefined: not a request of the media APIs. */
  readonly handle: (request: Received, at: string) => Reply | undefined;
  /** The bytes of a part or a file; undefined: no such place. */
  readonly put: (request: Received) => Reply | undefined;
};

export const refusal = (status: number, code: string, message: string): Reply => ({
  status,
  body: { status, code, message, serviceErrorCode: 100 },
});

const PART = 4 * 1024 * 1024;
const PLURAL: Readonly<Record<string, Kind>> = { images: 'image', documents: 'document', videos: 'video' };

/**
 * The media half of the fake: images, documents and videos, by
 * learn.microsoft.com/linkedin/marketing/community-management/shares
 */
export function linkedinUploads({
  mayRead,
  owners,
  looks = 1,
  processing = 'succeeds',
}: {
  readonly mayRead: boolean;
  readonly owners: readonly string[];
  /** How often an asset is seen processing. */
  readonly looks?: number;
  readonly processing?: 'succeeds' | 'fails';
}): LinkedinUploads {
  const assets = new Map<string, Asset>();

  const initialize = (kind: Kind, { json }: Received, at: string): Reply => {
    const { owner = '', fileSizeBytes = 0 } =
      (json as { initializeUploadRequest?: { owner?: string; fileSizeBytes?: number } })
        ?.initializeUploadRequest ?? {};
    if (!owners.includes(owner))
      return refusal(403, 'ACCESS_DENIED', `Accessing this ${kind} resource is forbidden`);
    const id = `C4E10AQF${kind.charAt(0)}${String(assets.size).padStart(11, '0')}`;
    const urn = `urn:li:${kind}:${id}`;
    const asset: Asset = {
      urn,
      kind,
      owner,
      total: fileSizeBytes,
      parts: new Map(),
      status: 'WAITING_UPLOAD',
      looks: 0,
    };
    assets.set(urn, asset);
    if (kind !== 'video') {
      const uploadUrl = `${at}/dms-uploads/${id}/0`;
      return {
        status: 200,
        body: { value: { uploadUrlExpiresAt: 1_900_000_000_000, uploadUrl, [kind]: urn } },
      };
    }
    if (fileSizeBytes < 1) return refusal(400, 'MISSING_FIELD', 'fileSizeBytes is required but missing');
    const uploadInstructions = Array.from({ length: Math.ceil(fileSizeBytes / PART) }, (_, n) => ({
      uploadUrl: `${at}/dms-uploads/${id}/${n}`,
      firstByte: n * PART,
      lastByte: Math.min((n + 1) * PART, fileSizeBytes) - 1,
    }));
    return {
      status: 200,
      body: {
        value: {
          video: urn,
          uploadToken: 'token-1',
          uploadUrlsExpireAt: 1_900_000_000_000,
          uploadInstructions,
        },
      },
    };
  };
  const finalize = ({ json }: Received): Reply => {
    const {
      video = '',
      uploadToken,
      uploadedPartIds = [],
    } = (
      json as {
        finalizeUploadRequest: { video?: string; uploadToken?: string; uploadedPartIds?: string[] };
      }
    ).finalizeUploadRequest;
    const asset = assets.get(video);
    const parts = [...(asset?.parts ?? [])].sort(([a], [b]) => a - b).map(([, part]) => part);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const isRight = uploadToken === 'token-1' && parts.every(({ etag }, n) => uploadedPartIds[n] === etag);
    if (asset?.status !== 'WAITING_UPLOAD' || bytes !== asset.total || !isRight) {
      return refusal(400, 'INVALID_VALUE_FOR_FIELD', "uploadedPartIds can't be set to that");
    }
    asset.status = 'PROCESSING';
    return { status: 200 };
  };
  const read = (urn: string): Reply => {
    const asset = assets.get(urn);
    if (!mayRead) return refusal(403, 'ACCESS_DENIED', 'Accessing this image resource is forbidden.');
    if (asset === undefined) return refusal(404, 'NOT_FOUND', 'Could not find entity');
    asset.looks += 1;
    if (asset.status === 'PROCESSING' && asset.looks > looks) {
      asset.status = processing === 'succeeds' ? 'AVAILABLE' : 'PROCESSING_FAILED';
    }
    const { status, owner } = asset;
    const failed = status === 'PROCESSING_FAILED' ? { processingFailureReason: 'Unsupported codec' } : {};
    return { status: 200, body: { id: urn, owner, status, ...failed } };
  };

  return {
    assets,
    handle(request, at) {
      const [, plural = '', urn] =
        /^\/rest\/(images|documents|videos)(?:\/(.+))?$/.exec(request.url.pathname) ?? [];
      const kind = PLURAL[plural];
      if (kind === undefined) return undefined;
      if (urn !== undefined) return request.method === 'GET' ? read(decodeURIComponent(urn)) : undefined;
      const action = request.url.searchParams.get('action');
      if (action === 'initializeUpload') return initialize(kind, request, at);
      return action === 'finalizeUpload' && kind === 'video' ? finalize(request) : undefined;
    },
    put({ method, url, headers, bytes }) {
      const [, id, part] = /^\/dms-uploads\/(\w+)\/(\d+)$/.exec(url.pathname) ?? [];
      const asset = [...assets.values()].find(({ urn }) => urn.endsWith(`:${id}`));
      if (asset === undefined || method !== 'PUT') return undefined;
      const isVideo = asset.kind === 'video';
      // Images want the token that videos refuse.
      if (isVideo === (headers.authorization !== undefined))
        return refusal(401, 'UNAUTHORIZED', 'authorization');
      const etag = `/ambry-video/signedId/${id}-${part}`;
      asset.parts.set(Number(part), { bytes: bytes.length, etag });
      if (!isVideo) asset.status = 'PROCESSING';
      return isVideo ? { status: 200, headers: { etag } } : { status: 201 };
    },
  };
}
