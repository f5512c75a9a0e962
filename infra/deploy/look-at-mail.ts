import type { Account, Dns, MailAccount, MailIdentity } from './account.ts';
import { type Finding, looked, ok, stop, warn } from './finding.ts';

/**
 * Can reports leave, and will they be taken: SES's identity and sandbox, and the records by which other mail systems
 * recognise the sender. https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html
 */
export async function lookAtMail(
  account: Pick<Account, 'mailAccount' | 'mailIdentity'>,
  dns: Dns,
  mailFrom: string,
): Promise<readonly Finding[]> {
  const domain = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).toLowerCase();
  const findings = await Promise.all([
    looked('SES', async () => [sandboxFinding(await account.mailAccount())]),
    looked('sender', async () => {
      const [address, ...domains] = await Promise.all([
        account.mailIdentity(mailFrom),
        ...withParents(domain).map(async (name) => ({ name, identity: await account.mailIdentity(name) })),
      ]);
      const whole = domains.find(({ identity }) => identity !== undefined);
      const name = whole?.name ?? domain;
      const records = whole?.identity ? await domainRecords(dns, name, whole.identity) : [];
      return [senderFinding(mailFrom, name, address, whole?.identity), ...records];
    }),
    looked('DMARC', async () => [await dmarcFinding(dns, domain)]),
  ]);
  return findings.flat();
}

/** A verified domain sends for all below it, too, up to the nearest that SES knows: https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html */
function withParents(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, from) => labels.slice(from).join('.'));
}

function sandboxFinding({ production, sending, perSecond, perDay }: MailAccount): Finding {
  if (!sending) {
    return warn(
      'SES',
      'sending is switched off for this account and region: see Account dashboard in the SES console',
    );
  }
  if (!production) {
    return warn(
      'SES',
      'the account is in the sandbox: mails reach verified addresses only. Request production access in the SES console, Account dashboard.',
    );
  }
  return ok('SES', `out of the sandbox, ${perSecond} mails a second, ${perDay} a day`);
}

function senderFinding(
  mailFrom: string,
  domain: string,
  address: MailIdentity | undefined,
  whole: MailIdentity | undefined,
): Finding {
  if (whole?.verified) return ok('sender', `${domain} is a verified identity`);
  if (address?.verified) {
    return warn(
      'sender',
      `${mailFrom} is verified, its domain is not, so nothing is signed in the name of ${domain}. Verify the domain: SES console, Identities.`,
    );
  }
  if (address || whole) {
    return stop(
      'sender',
      `${whole ? domain : mailFrom} is known to SES and not verified yet: set its DNS records or click the link in SES's mail, then deploy again, or now with --anyway`,
    );
  }
  return stop(
    'sender',
    `SES knows neither ${mailFrom} nor ${domain} in this region. Create the identity: aws sesv2 create-email-identity --email-identity ${domain}`,
  );
}

async function domainRecords(dns: Dns, domain: string, identity: MailIdentity): Promise<readonly Finding[]> {
  return (
    await Promise.all([
      looked('DKIM', async () => [await dkimFinding(dns, domain, identity)]),
      looked('SPF', async () => [await spfFinding(dns, domain, identity)]),
    ])
  ).flat();
}

async function dkimFinding(
  dns: Dns,
  domain: string,
  { dkimTokens, dkimStatus }: MailIdentity,
): Promise<Finding> {
  const names = dkimTokens.map((token) => ({
    name: `${token}._domainkey.${domain}`,
    target: `${token}.dkim.amazonses.com`,
  }));
  const found = await Promise.all(names.map(async (one) => ({ ...one, is: await dns.cname(one.name) })));
  const missing = found.filter(({ is, target }) => is?.toLowerCase().replace(/\.$/, '') !== target);
  if (missing.length > 0) {
    const records = missing.map(({ name, target }) => `${name} CNAME ${target}`).join('; ');
    return warn('DKIM', `missing in DNS, so mails are not signed: ${records}`);
  }
  if (dkimStatus === 'SUCCESS') return ok('DKIM', `mails are signed for ${domain}`);
  return warn(
    'DKIM',
    `SES says ${dkimStatus} for ${domain}; it looks at DNS again by itself, for three days`,
  );
}

async function spfFinding(dns: Dns, domain: string, { mailFromDomain }: MailIdentity): Promise<Finding> {
  if (!mailFromDomain) {
    return warn(
      'SPF',
      `bounces go to amazonses.com, so SPF does not speak for ${domain}; DKIM alone does. Better: a custom MAIL FROM domain, such as bounce.${domain}, in the SES console.`,
    );
  }
  const records = (await dns.txt(mailFromDomain)).filter((text) => /^v=spf1\b/i.test(text));
  if (records.length === 1 && /\binclude:amazonses\.com\b/i.test(records[0] ?? '')) {
    return ok('SPF', `${mailFromDomain} lets SES send`);
  }
  const fault =
    records.length > 1 ? 'has more than one SPF record, which counts as none' : 'does not let SES send';
  return warn(
    'SPF',
    `${mailFromDomain} ${fault}. It needs one: ${mailFromDomain} TXT "v=spf1 include:amazonses.com ~all"`,
  );
}

/** The record of the domain itself, else that of a domain above it: RFC 7489 §6.6.3, with every parent asked. */
async function dmarcFinding(dns: Dns, domain: string): Promise<Finding> {
  for (const name of withParents(domain)) {
    const record = (await dns.txt(`_dmarc.${name}`)).find((text) => /^v=DMARC1\b/.test(text));
    if (record === undefined) continue;
    const policy = /\bp=(\w+)/.exec(record)?.[1] ?? 'none';
    return ok('DMARC', `policy ${policy}, at _dmarc.${name}`);
  }
  return warn(
    'DMARC',
    `${domain} has no record; large mail systems want one. Begin with: _dmarc.${domain} TXT "v=DMARC1; p=none; rua=mailto:postmaster@${domain}"`,
  );
}
