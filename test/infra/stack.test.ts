/** One file for the runner, because loading CDK takes longer than all these tests together. */
import './api-suite.ts';
import './choices-suite.ts';
import './functions-suite.ts';
import './iam-suite.ts';
import './nag-suite.ts';
import './observability-suite.ts';
import './queues-suite.ts';
import './release-suite.ts';
import './rights-suite.ts';
import './settings-suite.ts';
import './storage-suite.ts';
