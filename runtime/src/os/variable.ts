/** Environment variables: what is a name, and which of them decide what a program runs. Pure. */

/**
 * Variables by which a program is made to run another one, or another one's code, or to write where they say: families of names, by what
 * reads them. `PATH` is among them where a request could set it; as a fixed value of the context it is checked by itself. No such list is
 * whole: what a program gets is what its grant lists.
 */
const DANGEROUS = anyOf(
  // The linker, the C library, and libraries that load others.
  "LD_.*|DYLD_.*|GLIBC_TUNABLES|GCONV_PATH|LOCPATH|NLSPATH|MALLOC_.*|OPENSSL_.*|SSLKEYLOGFILE|GIO_.*|GTK_.*|GDK_PIXBUF_.*|GST_.*|QT_.*|QML.*|DBUS_.*",
  "(A|L|M|T|UB)SAN_OPTIONS|GCOV_.*|LLVM_PROFILE_FILE",
  // Shells, and what finds programs.
  "PATH|PATHEXT|COMSPEC|BASH.*|ENV|KSH_ENV|FPATH|FCEDIT|SHELLOPTS|PS4|PROMPT_COMMAND|IFS|ZDOTDIR|PSMODULEPATH",
  // Editors, pagers, version control, connections.
  ".*EDITOR|.*PAGER|VISUAL|BROWSER|LESS.*|MANOPT|MANROFFOPT|.*VIMINIT|EXINIT|MYVIMRC|VIMRUNTIME|EMACS.*",
  "GIT_.*|HG.*|SVN_.*|CVS_.*|SSH_(?!(AUTH_SOCK|AGENT_PID|CLIENT|CONNECTION|TTY)$).*|.*_ASKPASS|(.*_)?RSH|.*_SSH|RSYNC_.*",
  // Languages.
  "NODE_(?!ENV$).*|ELECTRON_.*|NPM_CONFIG_.*|YARN_.*|COREPACK_.*|BUN_.*|DENO_.*|TSX_.*|TS_NODE_.*",
  "PYTHON.*|PIP_.*|UV_.*|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|LUA.*|TCL.*|TK_LIBRARY|PHP.*|R_PROFILE.*|R_ENVIRON.*|JULIA_.*|GUILE_.*|CAML.*|OCAML.*",
  "ERL_.*|ELIXIR_.*|MIX_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_.*|CLASSPATH|.*_OPTS|DOTNET_.*|COR_.*|CORECLR_.*|MONO_.*",
  // What builds.
  "MAKE.*|GNUMAKEFLAGS|MFLAGS|CC|CXX|CPP|LD|AR|AS|(C|CXX|CPP|LD)FLAGS|COMPILER_PATH|GCC_.*|CMAKE_.*|CARGO_.*|RUST.*|GO(FLAGS|ENV|ROOT|TOOLDIR|TOOLCHAIN)|CGO_.*|ANT_.*|SBT_.*",
  // Other programs.
  "AWK.*|TAR_OPTIONS|GREP_OPTIONS|MAGIC|ZIP.*|UNZIP.*|PSQL.*|MAGICK_.*|FFREPORT|GS_.*|TEX.*|TERM(INFO.*|CAP|PATH)|MAILCAPS?|AIRSSYS_.*",
);

/** Variables that say where programs find their settings, and code among them. This program's own may be handed on. */
const SETTINGS = anyOf(
  "HOME|.*_HOME|GNUPGHOME|USERPROFILE|APPDATA|LOCALAPPDATA|XDG_.*|.*_CONFIG(_FILE|_DIR|_PATH)?|KUBECONFIG|.*RC|SHELL|VIRTUAL_ENV|CONDA_.*|GOPATH|DOCKER_.*|AWS_.*_FILE|PG(SERVICEFILE|SYSCONFDIR)|MYSQL_.*",
);

function anyOf(...families: readonly string[]): RegExp {
  return new RegExp(`^(?:${families.join("|")})$`, "i");
}

/** Whether a variable makes programs run other programs. */
export function isDangerousVariable(name: string): boolean {
  return DANGEROUS.test(name);
}

/** Whether a request that may give a variable chooses by it what a program runs: a dangerous one, or where its settings are. */
export function isDangerousToGive(name: string): boolean {
  return isDangerousVariable(name) || SETTINGS.test(name);
}

/** Whether this is the name of an environment variable at all. */
export function isVariableName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
