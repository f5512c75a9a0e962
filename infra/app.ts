import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Entry point of `cdk synth` and `cdk deploy` (see cdk.json): bundles the functions, then makes the template. */
// In a process of its own: the bundler asks back all the time, and would wait while the CDK is loaded here.
const build = spawn(process.execPath, [fileURLToPath(new URL('build.ts', import.meta.url))], {
  stdio: ['ignore', 'inherit', 'inherit'],
  // Half the garbage collections of the bundler, a Go program, for 100 MB.
  env: { GOGC: '200', ...process.env },
});
const built = once(build, 'exit');
const { synthesize } = await import('./synthesize.ts');
const [status] = await built;
if (status === 0) synthesize();
// It has said why.
else process.exitCode = 1;
