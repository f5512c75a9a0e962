/** How a failed SendEmail is told: see `Mailer.send`. */
export type MailFault = { kind: 'refused' | 'unavailable' | 'uncertain'; reason: string };

/** Refusals that pass by themselves, or once somebody has mended the account: the mail as such is fine. */
const PASSING = new Set([
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'LimitExceededException',
  'SendingPausedException',
  'ExpiredTokenException',
  'CredentialsProviderError',
]);

/** Ends of a connection attempt: not a byte of the mail has left. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** Node's codes for a TLS handshake that failed. */
const NO_TLS = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** What is certain about a mail whose SendEmail failed. Errors: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
export function mailFault(error: unknown): MailFault {
  const { name, code, syscall, message, status } = parts(error);
  const reason = `${name}: ${message}`.slice(0, 300);
  if (PASSING.has(name)) return { kind: 'unavailable', reason };
  if (status !== undefined) {
    if (status === 429) return { kind: 'unavailable', reason };
    return { kind: status >= 400 && status < 500 && status !== 408 ? 'refused' : 'uncertain', reason };
  }
  const neverConnected =
    NEVER_CONNECTED.has(code) ||
    NO_TLS.test(code) ||
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    /without establishing a connection/.test(message);
  return { kind: neverConnected ? 'unavailable' : 'uncertain', reason };
}

function parts(error: unknown) {
  const { name, code, syscall, message, $metadata } = error as {
    name?: string;
    code?: string;
    syscall?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name: name ?? 'Error',
    code: code ?? '',
    syscall: syscall ?? '',
    message: message ?? '',
    status: $metadata?.httpStatusCode,
  };
}
