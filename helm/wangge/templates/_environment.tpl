{{/* Who is told what: one line per variable that service/settings.py reads from a secret.
     A process is given only what its work needs, so a broken page cannot reach the queue's role
     and nothing but the migrate job can change a table. */}}
{{- define "wangge.secretVariables" -}}
- {variable: WANGGE_APP_URL, secret: appUrl, for: [web, worker]}
- {variable: WANGGE_OVERSEE_URL, secret: overseeUrl, for: [web, worker]}
- {variable: WANGGE_DISPATCH_URL, secret: dispatchUrl, for: [relay]}
- {variable: WANGGE_OWNER_URL, secret: ownerUrl, for: [migrate]}
- {variable: WANGGE_REDIS_URL, secret: redisUrl, for: [web, worker, relay]}
- {variable: WANGGE_SECRET_KEY, secret: secretKey, for: [web]}
- {variable: WANGGE_MASTER_KEY, secret: masterKey, for: [web, worker]}
- {variable: WANGGE_BASE_MAP, secret: baseMap, for: [web]}
{{- end }}

{{/* The env list of one container. Takes {root, component}. */}}
{{- define "wangge.environment" -}}
{{- $root := .root -}}
{{- $component := .component -}}
- {name: HOME, value: /tmp}
- {name: PYTHONDONTWRITEBYTECODE, value: "1"}
- {name: PYTHONUNBUFFERED, value: "1"}
{{- range include "wangge.secretVariables" $root | fromYamlArray }}
{{- $reference := get $root.Values.secrets .secret }}
{{- if and (has $component .for) $reference $reference.name }}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ $reference.name }}
      key: {{ $reference.key }}
{{- end }}
{{- end }}
{{- if and $root.Values.anchors.claim (eq $component "worker") }}
- {name: WANGGE_ANCHORS, value: /anchors}
{{- end }}
{{- with include "wangge.publicUrl" $root }}
{{- if eq $component "web" }}
- name: WANGGE_PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
