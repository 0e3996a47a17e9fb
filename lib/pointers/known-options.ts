import { closest } from 'fastest-levenshtein';
import { type Located, wrongValue } from './config-values.ts';

/**
 * What DVC 3.67 knows in the sections that are read here, old names too. Source: dvc/config_schema.py, SCHEMA and
 * REMOTE_SCHEMAS. The options of all kinds of remotes are one list: one that its kind has no use for is harmless, one that
 * nobody knows was meant to be another.
 */
const SECTIONS: readonly string[] = [
  ...[
    'core',
    'cache',
    'remote',
    'state',
    'index',
    'machine',
    'feature',
    'plots',
    'exp',
    'parsing',
    'hydra',
    'studio',
    'db',
  ],
];
const CORE: readonly string[] = [
  ...['remote', 'checksum_jobs', 'interactive', 'analytics', 'hardlink_lock', 'no_scm', 'autostage', 'experiments'],
  ...['check_update', 'site_cache_dir', 'machine'],
];
const FOLDER: readonly string[] = ['type', 'protected', 'shared', 'slow_link_warning', 'verify'];
const CACHE: readonly string[] = [...['dir', 'local', 's3', 'gs', 'hdfs', 'webhdfs', 'ssh', 'azure', ...FOLDER]];
const REMOTE: readonly string[] = [
  ...['url', 'checksum_jobs', 'jobs', 'worktree', 'no_traverse', 'version_aware', ...FOLDER],
  // s3, gs
  ...['region', 'profile', 'credentialpath', 'configpath', 'endpointurl', 'access_key_id', 'secret_access_key'],
  ...['session_token', 'listobjects', 'use_ssl', 'allow_anonymous_login', 'ssl_verify', 'sse', 'sse_kms_key_id'],
  ...['sse_customer_algorithm', 'sse_customer_key', 'acl', 'grant_read', 'grant_read_acp', 'grant_write_acp'],
  ...['grant_full_control', 'cache_regions', 'read_timeout', 'connect_timeout', 'projectname'],
  // azure
  ...['connection_string', 'sas_token', 'account_name', 'account_key', 'tenant_id', 'client_id', 'client_secret'],
  ...['exclude_environment_credential', 'exclude_visual_studio_code_credential'],
  ...['exclude_shared_token_cache_credential', 'exclude_managed_identity_credential', 'timeout', 'connection_timeout'],
  // http, webdav
  ...['auth', 'custom_auth_header', 'user', 'password', 'ask_password', 'method', 'token', 'bearer_token_command'],
  ...['cert_path', 'key_path'],
  // ssh, hdfs, webhdfs, oss
  ...['port', 'passphrase', 'ask_passphrase', 'keyfile', 'gss_auth', 'allow_agent', 'max_sessions', 'kerb_ticket'],
  ...['replication', 'kerberos', 'kerberos_principal', 'proxy_to', 'use_https', 'data_proxy_target', 'oss_key_id'],
  ...['oss_key_secret', 'oss_endpoint'],
  // gdrive
  ...['gdrive_use_service_account', 'gdrive_client_id', 'gdrive_client_secret', 'gdrive_user_credentials_file'],
  ...['gdrive_service_account_user_email', 'gdrive_service_account_json_file_path', 'gdrive_trash_only'],
  ...['gdrive_acknowledge_abuse'],
];

/**
 * Holds the names in a configuration against those that DVC knows. What is left out for a slip of the pen would be found when
 * it is too late: data sent without encryption, or to a bucket of the same name elsewhere.
 *
 * @param sections values by section and key, both in lower case
 * @throws E_DVC_CONFIG naming file, line and what may have been meant
 */
export function checkKnownOptions(sections: ReadonlyMap<string, ReadonlyMap<string, Located>>): void {
  for (const [section, values] of sections) {
    const kind = section.replace(/\s*".*"\s*$/, '').trim();
    const known = kind === section.trim() ? { core: CORE, cache: CACHE }[kind] : kind === 'remote' ? REMOTE : undefined;
    for (const [key, set] of values) {
      if (!SECTIONS.includes(kind)) {
        throw wrongValue(set, `[${section}] is no section of DVC: did you mean [${closest(kind, [...SECTIONS])}]?`);
      }
      if (known === undefined || known.includes(key)) continue;
      throw wrongValue(set, `${kind} has no option "${key}": did you mean "${closest(key, [...known])}"?`);
    }
  }
}
