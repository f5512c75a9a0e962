import { expect, it } from 'vitest';
import { mailFault } from '../../../shared/adapters/aws/mail-fault.ts';

const fault = (parts: Record<string, unknown>) => Object.assign(new Error('said so'), parts);
const answered = (name: string, httpStatusCode: number) => fault({ name, $metadata: { httpStatusCode } });

it.each([
  ['ECONNREFUSED', fault({ code: 'ECONNREFUSED', $metadata: { attempts: 1 } })],
  ['a name that does not resolve', fault({ code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
  ['a connection that was never made in time', fault({ code: 'ETIMEDOUT', syscall: 'connect' })],
  ['a certificate that is not trusted', fault({ code: 'CERT_HAS_EXPIRED' })],
  ['missing credentials', fault({ name: 'CredentialsProviderError' })],
  ['throttling', answered('TooManyRequestsException', 429)],
  ['a paused account', answered('SendingPausedException', 400)],
])('is certain that nothing was sent after %s', (_, error) => {
  expect(mailFault(error).kind).toBe('unavailable');
});

it.each([
  'MessageRejected',
  'BadRequestException',
  'MailFromDomainNotVerifiedException',
  'AccessDeniedException',
])('takes %s for a refusal', (name) => {
  expect(mailFault(answered(name, name === 'AccessDeniedException' ? 403 : 400)).kind).toBe('refused');
});

it.each([
  ['a broken connection', fault({ code: 'ECONNRESET' })],
  ['a timeout', fault({ name: 'TimeoutError' })],
  ['an error of the service', answered('InternalFailure', 500)],
  ['a request that took too long', answered('RequestTimeout', 408)],
  ['something never seen', fault({})],
])('knows nothing for certain after %s', (_, error) => {
  expect(mailFault(error).kind).toBe('uncertain');
});
