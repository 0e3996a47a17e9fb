/** What a value of DVC's configuration can be. Source: DVC 3.67.1, dvc/config_schema.py. */
export type ValueKind =
  | 'text'
  | 'flag'
  | 'flag or text'
  /** A whole number; `count` from 1, `percent` up to 100. */
  | 'whole'
  | 'count'
  | 'percent'
  /** `seconds` from 0. */
  | 'number'
  | 'seconds'
  | 'links'
  /** DVC refuses whatever a file can say. */
  | 'nothing'
  | readonly string[];

/** Kinds by key. */
export type Keys = Readonly<Record<string, ValueKind>>;

const keys = (kind: ValueKind, ...names: readonly string[]): Keys =>
  Object.fromEntries(names.map((name) => [name, kind]));

const REMOTE: Keys = {
  ...keys('text', 'url'),
  ...keys('count', 'checksum_jobs', 'jobs'),
  ...keys('flag', 'worktree', 'no_traverse', 'version_aware'),
};
const VERIFY = keys('flag', 'verify');
const LOCAL: Keys = { type: 'links', shared: ['group'], ...keys('flag', 'protected', 'slow_link_warning', 'verify') };
const HTTP: Keys = {
  ...{ ...REMOTE, ...VERIFY, auth: ['basic', 'digest', 'custom'], ssl_verify: 'flag or text' },
  ...keys('text', 'custom_auth_header', 'user', 'password', 'method'),
  ...keys('flag', 'ask_password'),
  ...keys('seconds', 'connect_timeout', 'read_timeout'),
};
const WEBDAV: Keys = {
  ...{ ...REMOTE, ...VERIFY, ssl_verify: 'flag or text', timeout: 'whole' },
  ...keys('text', 'user', 'password', 'token', 'bearer_token_command', 'custom_auth_header', 'cert_path', 'key_path'),
  ...keys('flag', 'ask_password'),
};

const BY_SCHEME: Readonly<Record<string, Keys>> = {
  '': { ...LOCAL, ...REMOTE },
  s3: {
    ...{ ...REMOTE, ...VERIFY, ssl_verify: 'flag or text', cache_regions: 'nothing' },
    ...keys('text', 'region', 'profile', 'credentialpath', 'configpath', 'endpointurl', 'access_key_id'),
    ...keys('text', 'secret_access_key', 'session_token', 'sse', 'sse_kms_key_id', 'sse_customer_algorithm'),
    ...keys('text', 'sse_customer_key', 'acl', 'grant_read', 'grant_read_acp', 'grant_write_acp', 'grant_full_control'),
    ...keys('flag', 'listobjects', 'use_ssl', 'allow_anonymous_login'),
    ...keys('whole', 'read_timeout', 'connect_timeout'),
  },
  gs: {
    ...REMOTE,
    ...VERIFY,
    ...keys('text', 'projectname', 'credentialpath', 'endpointurl'),
    allow_anonymous_login: 'flag',
  },
  ssh: {
    ...{ ...REMOTE, ...VERIFY, type: 'links' },
    ...keys('text', 'user', 'password', 'passphrase', 'keyfile'),
    ...keys('flag', 'ask_password', 'ask_passphrase', 'gss_auth', 'allow_agent'),
    ...keys('whole', 'port', 'timeout', 'max_sessions'),
  },
  hdfs: { ...REMOTE, ...keys('text', 'user', 'kerb_ticket'), replication: 'nothing' },
  webhdfs: {
    ...{ ...REMOTE, ...VERIFY, ssl_verify: 'flag or text' },
    ...keys('text', 'kerberos_principal', 'proxy_to', 'token', 'user', 'password', 'data_proxy_target'),
    ...keys('flag', 'kerberos', 'use_https'),
  },
  azure: {
    ...{ ...REMOTE, ...VERIFY },
    ...keys(
      'text',
      'connection_string',
      'sas_token',
      'account_name',
      'account_key',
      'tenant_id',
      'client_id',
      'client_secret',
    ),
    ...keys('flag', 'allow_anonymous_login', 'exclude_environment_credential', 'exclude_visual_studio_code_credential'),
    ...keys('flag', 'exclude_shared_token_cache_credential', 'exclude_managed_identity_credential'),
    ...keys('whole', 'timeout', 'read_timeout', 'connection_timeout'),
    // Ours, for emulators: DVC has it in the connection string alone.
    ...keys('text', 'endpointurl'),
  },
  oss: { ...REMOTE, ...VERIFY, ...keys('text', 'oss_key_id', 'oss_key_secret', 'oss_endpoint') },
  gdrive: {
    ...{ ...REMOTE, ...VERIFY },
    ...keys('text', 'profile', 'gdrive_client_id', 'gdrive_client_secret', 'gdrive_user_credentials_file'),
    ...keys('text', 'gdrive_service_account_user_email', 'gdrive_service_account_json_file_path'),
    ...keys('flag', 'gdrive_use_service_account', 'gdrive_trash_only', 'gdrive_acknowledge_abuse'),
  },
  http: HTTP,
  https: HTTP,
  webdav: WEBDAV,
  webdavs: WEBDAV,
};

/** Keys of a remote by the scheme of its address, '' for folders. For one that stands on another any remote's are known; DVC takes all. */
export const REMOTE_KEYS: Readonly<Record<string, Keys>> = {
  ...BY_SCHEME,
  remote: keys('text', ...Object.values(BY_SCHEME).flatMap((known) => Object.keys(known))),
};

/** Keys by section. */
export const SECTION_KEYS: Readonly<Record<string, Keys>> = {
  core: {
    ...keys('text', 'remote', 'site_cache_dir', 'machine'),
    ...keys('count', 'checksum_jobs'),
    ...keys('flag', 'interactive', 'analytics', 'hardlink_lock', 'no_scm', 'autostage', 'experiments', 'check_update'),
  },
  cache: { ...LOCAL, ...keys('text', 'dir', 'local', 's3', 'gs', 'hdfs', 'webhdfs', 'ssh', 'azure') },
  remote: {},
  machine: {},
  db: {},
  state: { dir: 'text', row_limit: 'count', row_cleanup_quota: 'percent' },
  index: { dir: 'text' },
  feature: { machine: 'flag' },
  plots: { ...keys('text', 'html_template', 'out_dir'), auto_open: 'flag' },
  exp: {
    ...keys('text', 'code', 'data', 'models', 'metrics', 'params', 'plots', 'live', 'git_remote'),
    auto_push: 'flag',
  },
  parsing: { bool: ['store_true', 'boolean_optional'], list: ['nargs', 'append'] },
  hydra: { enabled: 'flag', ...keys('text', 'config_dir', 'config_module', 'config_name', 'plugins_path') },
  studio: { ...keys('text', 'token', 'url', 'repo_url'), offline: 'flag' },
};

/** Keys of sections with a name of their own, beside remotes. */
export const NAMED_KEYS: Readonly<Record<string, Keys>> = {
  machine: {
    ...{ cloud: ['aws', 'azure'], region: ['us-west', 'us-east', 'eu-west', 'eu-north'], spot: 'flag' },
    ...{ spot_price: 'number', instance_hdd_size: 'whole' },
    ...keys('text', 'image', 'instance_type', 'instance_gpu', 'ssh_private', 'startup_script', 'setup_script'),
  },
  db: keys('text', 'url', 'username', 'password'),
};
