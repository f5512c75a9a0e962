import { resolveCname, resolveTxt } from 'node:dns/promises';
import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountCommand, GetEmailIdentityCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import * as z from 'zod';
import { type AwsCall, jsonOperation } from '../aws-call.ts';

/** What the looks before a deploy ask of AWS. Every call may fail, with AWS's own words. */
export type Account = {
  readonly caller: () => Promise<{ readonly account: string; readonly arn: string }>;
  readonly stack: (name: string) => Promise<DeployedStack | undefined>;
  /** Calls of Lambda functions at the same time, of the whole account in this region. */
  readonly concurrency: () => Promise<number>;
  readonly schedulerQuotas: () => Promise<readonly { readonly name: string; readonly value: number }[]>;
  readonly mailAccount: () => Promise<MailAccount>;
  readonly mailIdentity: (name: string) => Promise<MailIdentity | undefined>;
};
export type DeployedStack = {
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
};
export type MailAccount = {
  /** False in SES's sandbox, where mails go to verified addresses only. */
  readonly production: boolean;
  readonly sending: boolean;
  readonly perSecond: number;
  readonly perDay: number;
};
export type MailIdentity = {
  readonly verified: boolean;
  /** Selectors of SES's own DKIM keys; none where the domain brings its own. */
  readonly dkimTokens: readonly string[];
  readonly dkimStatus: string;
  /** Domain of the bounces, if it is one of the agency's. */
  readonly mailFromDomain?: string;
};

/** Names that are not there give nothing; a resolver that fails throws. */
export type Dns = {
  readonly txt: (name: string) => Promise<readonly string[]>;
  readonly cname: (name: string) => Promise<string | undefined>;
};

export function awsAccount(clients: {
  readonly stacks: CloudFormationClient;
  readonly mail: SESv2Client;
  readonly call: AwsCall;
}): Account {
  const { stacks, mail, call } = clients;
  return {
    caller: async () => {
      const answer = await call({
        service: 'sts',
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      });
      const part = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(answer)?.[1] ?? '';
      return { account: part('Account'), arn: part('Arn') };
    },
    stack: async (StackName) => {
      const { Stacks } =
        (await ifThere(stacks.send(new DescribeStacksCommand({ StackName })), /does not exist/)) ?? {};
      const found = Stacks?.[0];
      if (!found) return undefined;
      return {
        status: found.StackStatus ?? '',
        outputs: Object.fromEntries(
          found.Outputs?.map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']) ?? [],
        ),
        parameters: Object.fromEntries(
          found.Parameters?.map((one) => [one.ParameterKey ?? '', one.ParameterValue ?? '']) ?? [],
        ),
      };
    },
    concurrency: async () => {
      const answer = await call({ service: 'lambda', path: '/2016-08-19/account-settings' });
      return lambdaSettings.parse(JSON.parse(answer)).AccountLimit.ConcurrentExecutions;
    },
    schedulerQuotas: async () => {
      const target = 'ServiceQuotasV20190624.ListServiceQuotas';
      const answer = await call(
        jsonOperation('servicequotas', target, { ServiceCode: 'scheduler', MaxResults: 100 }),
      );
      return quotas
        .parse(JSON.parse(answer))
        .Quotas.map(({ QuotaName, Value }) => ({ name: QuotaName, value: Value }));
    },
    mailAccount: async () => {
      const answer = await mail.send(new GetAccountCommand({}));
      return {
        production: answer.ProductionAccessEnabled ?? false,
        sending: answer.SendingEnabled ?? false,
        perSecond: answer.SendQuota?.MaxSendRate ?? 0,
        perDay: answer.SendQuota?.Max24HourSend ?? 0,
      };
    },
    mailIdentity: async (EmailIdentity) => {
      const asked = mail.send(new GetEmailIdentityCommand({ EmailIdentity }));
      const found = await ifThere(asked, /NotFoundException/);
      if (!found) return undefined;
      const mailFromDomain = found.MailFromAttributes?.MailFromDomain;
      return {
        verified: found.VerifiedForSendingStatus ?? false,
        dkimTokens:
          found.DkimAttributes?.SigningAttributesOrigin === 'EXTERNAL'
            ? []
            : (found.DkimAttributes?.Tokens ?? []),
        dkimStatus: found.DkimAttributes?.Status ?? 'NOT_STARTED',
        ...(mailFromDomain ? { mailFromDomain } : {}),
      };
    },
  };
}

export function publicDns(): Dns {
  const nothing = (error: NodeJS.ErrnoException): never[] => {
    if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return [];
    throw error;
  };
  return {
    txt: async (name) => (await resolveTxt(name).catch(nothing)).map((chunks) => chunks.join('')),
    cname: async (name) => (await resolveCname(name).catch(nothing))[0],
  };
}

const lambdaSettings = z.object({ AccountLimit: z.object({ ConcurrentExecutions: z.number() }) });
const quotas = z.object({ Quotas: z.array(z.object({ QuotaName: z.string(), Value: z.number() })) });

async function ifThere<Answer>(asked: Promise<Answer>, absent: RegExp): Promise<Answer | undefined> {
  return asked.catch((error: Error) => {
    if (absent.test(`${error.name} ${error.message}`)) return undefined;
    throw error;
  });
}
