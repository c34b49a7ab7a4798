/**
 * Settings as users of the AWS sample proxy 3.1.2 have them: every key there is, in the order of its documentation, with a place for a
 * key store that was left empty. Values are ours, except the placeholders for a credential that the sample's users know.
 */
export const SAMPLE_SETTINGS = `
[server]
ip = "0.0.0.0"
port = 443
port_http_ping = 8080
region = "us-east-1"
service = "kms-xks-proxy"
ciphertext_metadata_b64 = "djAuMC4x"

[server.tcp_keepalive]
tcp_keepalive_secs = 60
tcp_keepalive_retries = 3
tcp_keepalive_interval_secs = 1

[tracing]
is_stdout_writer_enabled = true
is_file_writer_enabled = true
level = "DEBUG"
directory = "/var/log/xks"
file_prefix = "proxy.log"
rotation_kind = "HOURLY"

[security]
is_sigv4_auth_enabled = true
is_tls_enabled = true
is_mtls_enabled = true

[tls]
tls_cert_pem = "tls/certificate.pem"
tls_key_pem = "/etc/xks/key.pem"
mtls_client_ca_pem = "/etc/xks/clients.pem"
mtls_client_dns_name = "cks.kms.us-east-1.amazonaws.com"

[[external_key_stores]]
uri_path_prefix = ""
sigv4_access_key_id = ""
sigv4_secret_access_key = ""
xks_key_id_set = ["one", "two"]

[[external_key_stores]]
uri_path_prefix = "/example/uri/path/prefix"
sigv4_access_key_id = "BETWEEN2TENAND3TENCHARACTERS"
sigv4_secret_access_key = "PleaseReplaceThisWithSomeSecretOfLength43To64"
xks_key_id_set = ["one", "three"]

[pkcs11]
session_pool_max_size = 30
session_pool_timeout_milli = 0
session_eager_close = false
user_pin = "correct horse"
PKCS11_HSM_MODULE = "/opt/logger/pkcs11-logger-x64.so"
context_read_timeout_milli = 10

[pkcs11_logger]
PKCS11_LOGGER_LIBRARY_PATH = "/usr/safenet/lunaclient/lib/libCryptoki2_64.so"
PKCS11_LOGGER_LOG_FILE_PATH = "/var/log/xks/calls.log"
PKCS11_LOGGER_FLAGS = "0"

[limits]
max_plaintext_in_base64 = 8192
max_aad_in_base64 = 16384

[hsm_capabilities]
can_generate_iv = true
is_zero_iv_required = false
`;

/** The least that ours needs. */
export const OUR_SETTINGS = `
[server]
ip = "127.0.0.1"
port = 8443
region = "eu-central-1"

[[external_key_stores]]
uri_path_prefix = "/tenant-a"
xks_key_id_set = ["alpha"]

[[external_key_stores.credentials]]
access_key_id = "ABCDEFGHIJKLMNOPQRST"
secret_file = "/etc/keyrite/secret"

[hsm]
profile = "thales-luna"
module = "/usr/safenet/lunaclient/lib/libCryptoki2_64.so"
token_label = "partition-1"
pin_file = "/etc/keyrite/pin"

[state]
folder = "/var/lib/keyrite-proxy"
`;
