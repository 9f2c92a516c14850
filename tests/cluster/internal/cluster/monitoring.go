package cluster

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"

	"slipway.dev/tests/cluster/demo"
)

const (
	monitoring = "monitoring" // the namespace
	prometheus = "prometheus"
	webPort    = 9090
)

// What pods use, as the kubelet's cAdvisor sees it, and what pods of Slipway's say of themselves at their port http.
const prometheusSettings = `global:
  scrape_interval: 5s
  scrape_timeout: 4s
scrape_configs:
- job_name: cadvisor
  scheme: https
  metrics_path: /metrics/cadvisor
  authorization: {credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token}
  tls_config: {ca_file: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt}
  kubernetes_sd_configs: [{role: node}]
  metric_relabel_configs:
  - {source_labels: [__name__], regex: container_network_(receive|transmit)_bytes_total, action: keep}
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - {source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_managed_by, __meta_kubernetes_pod_container_port_name], regex: slipway;http, action: keep}
  - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
  - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
`

// CreateMonitoring runs Prometheus in a pod, because the API server forwards to pods only. Its image is of the pause program; the program that it
// runs is this one, from the node.
func (o *Options) CreateMonitoring(ctx context.Context, client kubernetes.Interface, self string) error {
	meta := metav1.ObjectMeta{Name: prometheus, Namespace: monitoring, Labels: map[string]string{"app.kubernetes.io/name": prometheus}}
	wide := metav1.ObjectMeta{Name: prometheus}
	file, one := corev1.HostPathFile, int32(1)
	var steps = []struct {
		what   string
		create func() error
	}{
		{"the namespace", func() error {
			_, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: monitoring}}, metav1.CreateOptions{})
			return err
		}},
		{"the role", func() error {
			rules := []rbacv1.PolicyRule{
				{APIGroups: []string{""}, Resources: []string{"nodes", "pods"}, Verbs: []string{"get", "list", "watch"}},
				{APIGroups: []string{""}, Resources: []string{"nodes/metrics"}, Verbs: []string{"get"}},
			}
			_, err := client.RbacV1().ClusterRoles().Create(ctx, &rbacv1.ClusterRole{ObjectMeta: wide, Rules: rules}, metav1.CreateOptions{})
			return err
		}},
		{"its binding", func() error {
			binding := &rbacv1.ClusterRoleBinding{ObjectMeta: wide,
				RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: prometheus},
				Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: monitoring, Name: "default"}}}
			_, err := client.RbacV1().ClusterRoleBindings().Create(ctx, binding, metav1.CreateOptions{})
			return err
		}},
		{"the settings", func() error {
			settings := &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"prometheus.yml": prometheusSettings}}
			_, err := client.CoreV1().ConfigMaps(monitoring).Create(ctx, settings, metav1.CreateOptions{})
			return err
		}},
		{"the service", func() error {
			service := &corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{Selector: meta.Labels, Ports: []corev1.ServicePort{{Name: "web", Port: webPort}}}}
			_, err := client.CoreV1().Services(monitoring).Create(ctx, service, metav1.CreateOptions{})
			return err
		}},
		{"the deployment", func() error {
			pod := corev1.PodSpec{
				Containers: []corev1.Container{{
					Name: prometheus, Image: o.Registry() + "/" + demo.Pause.Name(),
					Command:        []string{"/program", prometheus, "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/data"},
					Ports:          []corev1.ContainerPort{{Name: "web", ContainerPort: webPort}},
					ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(webPort)}}, PeriodSeconds: 1},
					VolumeMounts: []corev1.VolumeMount{
						{Name: "program", MountPath: "/program", ReadOnly: true}, {Name: "settings", MountPath: "/etc/prometheus"}, {Name: "data", MountPath: "/data"}},
				}},
				Volumes: []corev1.Volume{
					{Name: "program", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: self, Type: &file}}},
					{Name: "settings", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: prometheus}}}},
					{Name: "data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				},
			}
			deployment := &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Replicas: &one,
				Selector: &metav1.LabelSelector{MatchLabels: meta.Labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: meta.Labels}, Spec: pod}}}
			_, err := client.AppsV1().Deployments(monitoring).Create(ctx, deployment, metav1.CreateOptions{})
			return err
		}},
	}
	for _, step := range steps {
		if err := step.create(); err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("create %s of prometheus: %w", step.what, err)
		}
	}
	return nil
}
