;;; emacs.el --- Eglot: opens a file, and prints what an editor shows of it, one line of JSON.  -*- lexical-binding: t -*-

;; Arguments in the environment: the command of the server, the file, and the place of a send.
(require 'json)
;; Eglot is part of Emacs since version 29; before that the system may have it as a package. The user's own packages are left out.
(require 'package)
(setq package-user-dir (expand-file-name (make-temp-name "airssys-none") temporary-file-directory))
(package-initialize)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 60 eglot-connect-timeout 60 eglot-autoshutdown t)
(let* ((command (append (json-parse-string (getenv "AIRSSYS_SERVER")) nil))
       (file (getenv "AIRSSYS_FILE"))
       (place (json-parse-string (getenv "AIRSSYS_SEND")))
       (project-find-functions (list (lambda (_) (cons 'transient (file-name-directory file)))))
       (until (+ (float-time) 60)))
  (setq eglot-server-programs (list (cons 'js-mode command)))
  (find-file file)
  (js-mode)
  (apply #'eglot (eglot--guess-contact))
  (while (and (null (flymake-diagnostics)) (< (float-time) until))
    (flymake-start)
    (accept-process-output nil 0.1))
  (let* ((server (eglot-current-server))
         (codes (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
         (params (list :textDocument (list :uri (eglot--path-to-uri file))
                       :position (list :line (aref place 0) :character (aref place 1))))
         (hover (jsonrpc-request server :textDocument/hover params))
         (definition (jsonrpc-request server :textDocument/definition params))
         (first (aref definition 0)))
    (princ (json-encode
            (list :diagnostics (vconcat codes)
                  :hover (plist-get (plist-get hover :contents) :value)
                  :definition (plist-get (plist-get (plist-get first :range) :start) :line))))
    (terpri))
  (kill-emacs 0))
;;; emacs.el ends here
