/**
 * Is this a fault of AWS itself, or of the way to it, and so worth a later try? The SDK has retried already.
 * Sources: `$fault` and `$retryable` of every SDK error (smithy), Node's socket error codes.
 */
export function isAwsFault(error: unknown): boolean {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth++) {
    const { name, $fault, $retryable, $metadata, code } = inner as SdkError;
    if ($fault === 'server' || $retryable !== undefined) return true;
    if (THROTTLES.has(name)) return true;
    if ($metadata?.httpStatusCode !== undefined && $metadata.httpStatusCode >= 500) return true;
    if (name === 'TimeoutError' && $metadata !== undefined) return true;
    if (typeof code === 'string' && SOCKET_CODES.has(code)) return true;
  }
  return false;
}

type SdkError = Error & {
  $fault?: unknown;
  $retryable?: unknown;
  $metadata?: { httpStatusCode?: number };
  code?: unknown;
};

const THROTTLES = new Set([
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'LimitExceededException',
  'KMSThrottlingException',
]);

const SOCKET_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
