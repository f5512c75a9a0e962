import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebian } from './install.ts';
import { asUser, freePort, ready, run, start } from './processes.ts';

type Account = { readonly username: string; readonly applicationPassword: string };
export type WordPressSite = {
  readonly siteUrl: string;
  readonly author: Account;
  /** May publish and upload, but not write any HTML: what most people who write for a site are. */
  readonly writer: Account;
  readonly fan: Account;
  readonly stop: () => Promise<void>;
};

const PACKAGES = [
  'wordpress',
  'mariadb-server',
  'php-cli',
  'php-mysql',
  'php-curl',
  'php-gd',
  'php-xml',
  'php-mbstring',
];

/** Debian's WordPress on loopback, freshly installed, with an administrator, an author and a reader who has an account. */
export async function startWordPress(): Promise<WordPressSite> {
  ensureDebian(PACKAGES);
  const data = await mkdtemp(join(tmpdir(), 'sendeplan-wordpress-'));
  run('chmod', ['755', data]);
  const database = await startMariaDb(data);
  const site = join(data, 'site');
  await cp('/usr/share/wordpress', site, { recursive: true, dereference: true });
  const port = await freePort();
  const siteUrl = `http://127.0.0.1:${port}`;
  await writeFile(join(site, 'wp-config.php'), configuration(database.socket, siteUrl));
  await writeFile(join(site, 'router.php'), ROUTER);
  await writeFile(join(site, 'install-site.php'), INSTALL);
  const accounts = JSON.parse(
    run('php', ['install-site.php'], { cwd: site }).split('ACCOUNTS ')[1] ?? '',
  ) as Pick<WordPressSite, 'author' | 'writer' | 'fan'>;
  const server = start('php', ['-S', `127.0.0.1:${port}`, 'router.php'], {
    cwd: site,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await database.stop();
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready('WordPress', async () => {
      const answer = await fetch(`${siteUrl}/wp-json/`);
      if (!answer.ok)
        throw new Error(`${answer.status} ${(await answer.text()).slice(0, 500)} ${server.said()}`);
    });
    return { siteUrl, ...accounts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMariaDb(data: string): Promise<{ socket: string; stop: () => Promise<void> }> {
  const folder = join(data, 'mariadb');
  await mkdir(folder);
  if (process.getuid?.() === 0) run('chown', ['mysql', folder]);
  const socket = join(folder, 'sock');
  run(
    ...asUser('mysql', 'mariadb-install-db', [
      '--no-defaults',
      `--datadir=${folder}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ]),
    { cwd: '/' },
  );
  const server = start(
    ...asUser('mysql', 'mariadbd', [
      '--no-defaults',
      `--datadir=${folder}`,
      `--socket=${socket}`,
      '--skip-networking',
      `--pid-file=${join(folder, 'pid')}`,
    ]),
    { cwd: '/' },
  );
  await ready('MariaDB', () =>
    run('mariadb', [
      '--no-defaults',
      `--socket=${socket}`,
      '-u',
      'root',
      '-e',
      'CREATE DATABASE IF NOT EXISTS site',
    ]),
  );
  return { socket, stop: server.stop };
}

const configuration = (socket: string, siteUrl: string): string => `<?php
define('DB_NAME', 'site'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:${socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '${siteUrl}'); define('WP_SITEURL', '${siteUrl}');
// Application passwords over plain http are allowed to this kind of site only.
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_CONTENT_DIR', __DIR__ . '/wp-content');
define('AUTH_KEY', 'a'); define('SECURE_AUTH_KEY', 'b'); define('LOGGED_IN_KEY', 'c'); define('NONCE_KEY', 'd');
define('AUTH_SALT', 'e'); define('SECURE_AUTH_SALT', 'f'); define('LOGGED_IN_SALT', 'g'); define('NONCE_SALT', 'h');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
`;

const ROUTER = `<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && file_exists(__DIR__ . $path) && !is_dir(__DIR__ . $path)) { return false; }
require __DIR__ . '/index.php';
`;

const INSTALL = `<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_mail() { return true; }
wp_install('Bakery', 'baker', 'baker@example.com', true, '', 'baker-password');
update_option('permalink_structure', '/%postname%/');
// A first comment would wait for the editor's approval.
update_option('comment_previously_approved', 0);
wp_insert_user(['user_login' => 'regular', 'user_pass' => 'regular-password', 'user_email' => 'regular@example.com', 'role' => 'subscriber']);
wp_insert_user(['user_login' => 'writer', 'user_pass' => 'writer-password', 'user_email' => 'writer@example.com', 'role' => 'author']);
wp_insert_term('Bread & Rolls', 'category');
$accounts = [];
foreach (['author' => 'baker', 'writer' => 'writer', 'fan' => 'regular'] as $role => $login) {
  $user = get_user_by('login', $login);
  [$password] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'sendeplan']);
  $accounts[$role] = ['username' => $login, 'applicationPassword' => $password];
}
echo 'ACCOUNTS ' . json_encode($accounts);
`;
