{{/* What every pod shares: no privilege, no way to the cluster's own API, one place to write. */}}

{{/* The fields of a pod's spec beside its containers. Takes {root, component}. */}}
{{- define "wangge.podSpec" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .root.Values.user }}
  runAsGroup: {{ .root.Values.user }}
  fsGroup: {{ .root.Values.user }}
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: temporary
    emptyDir:
      sizeLimit: {{ .root.Values.temporary.sizeLimit }}
{{- if and .root.Values.anchors.claim (eq .component "worker") }}
  - name: anchors
    persistentVolumeClaim:
      claimName: {{ .root.Values.anchors.claim }}
{{- end }}
{{- end }}

{{/* The fields of a container beside its command and probes. Takes {root, component, resources}. */}}
{{- define "wangge.container" -}}
image: {{ include "wangge.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
env: {{- include "wangge.environment" . | nindent 2 }}
resources: {{- toYaml .resources | nindent 2 }}
volumeMounts:
  - {name: temporary, mountPath: /tmp}
{{- if and .root.Values.anchors.claim (eq .component "worker") }}
  - {name: anchors, mountPath: /anchors}
{{- end }}
{{- end }}

{{/* Replicas of one component prefer different nodes. Takes the selector's labels. */}}
{{- define "wangge.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- . | nindent 8 }}
{{- end }}

{{/* Alive = the heartbeat file is young. The image's own Python reads its age (-I -S: no site,
     some 20 ms) so the image needs no shell, and the probe asks neither Redis nor PostgreSQL:
     restarting a worker does not mend those. */}}
{{- define "wangge.heartbeatProbe" -}}
{{- $file := .Values.heartbeat.file -}}
{{- $age := .Values.heartbeat.maxAgeSeconds -}}
livenessProbe:
  exec:
    command:
      - python
      - -I
      - -S
      - -c
      - {{ printf "import os, sys, time; sys.exit(time.time() - os.stat(%q).st_mtime > %v)" $file $age | quote }}
  initialDelaySeconds: 60
  periodSeconds: 30
  timeoutSeconds: 5
  failureThreshold: 2
{{- end }}
