package cluster

import (
	"context"
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	aggregator "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset"

	"slipway.dev/tests/cluster/internal/sandbox"
)

const pollInterval = 50 * time.Millisecond

// WaitForAPI waits until the API server is ready.
func WaitForAPI(ctx context.Context, client kubernetes.Interface) error {
	return poll(ctx, "wait for the API server", func(ctx context.Context) error {
		return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}

// WaitForNode waits until the node takes pods, and namespaces have their service account.
func WaitForNode(ctx context.Context, client kubernetes.Interface, node bool) error {
	if err := poll(ctx, "wait for the service account default/default", func(ctx context.Context) error {
		_, err := client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{})
		return err
	}); err != nil || !node {
		return err
	}
	return poll(ctx, "wait for the node "+NodeName, func(ctx context.Context) error {
		found, err := client.CoreV1().Nodes().Get(ctx, NodeName, metav1.GetOptions{})
		if err != nil {
			return err
		}
		for _, condition := range found.Status.Conditions {
			if condition.Type == corev1.NodeReady && condition.Status != corev1.ConditionTrue {
				return fmt.Errorf("not ready: %s", condition.Message)
			}
		}
		if len(found.Status.Conditions) == 0 || len(found.Spec.Taints) > 0 {
			return fmt.Errorf("conditions %v, taints %v", found.Status.Conditions, found.Spec.Taints)
		}
		return nil
	})
}

func poll(ctx context.Context, what string, condition func(context.Context) error) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, pollInterval, true, func(ctx context.Context) (bool, error) {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		last = condition(attempt)
		return last == nil, nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w (last: %v)", what, err, last)
	}
	return nil
}

// CreateAddOns creates the services of CoreDNS and metrics-server, which run beside the kubelet instead of in pods.
func (o *Options) CreateAddOns(ctx context.Context, config *rest.Config) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("make the client for add-ons: %w", err)
	}
	dns := service{name: "kube-dns", ip: dnsService, ports: []corev1.ServicePort{
		{Name: "dns", Port: 53, Protocol: corev1.ProtocolUDP}, {Name: "dns-tcp", Port: 53, Protocol: corev1.ProtocolTCP}}}
	metrics := service{name: "metrics-server", ports: []corev1.ServicePort{{Name: "https", Port: 443, Protocol: corev1.ProtocolTCP}}, target: metricsPort}
	for _, s := range []service{dns, metrics} {
		if err := s.create(ctx, client); err != nil {
			return err
		}
	}
	return o.registerMetrics(ctx, config)
}

// service is one of kube-system that a program on the node serves.
type service struct {
	name   string
	ip     string // chosen by the API server when empty
	ports  []corev1.ServicePort
	target int32 // the ports themselves when 0
}

func (s service) create(ctx context.Context, client kubernetes.Interface) error {
	meta := metav1.ObjectMeta{Name: s.name, Namespace: metav1.NamespaceSystem}
	object := &corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{ClusterIP: s.ip, Ports: s.ports}}
	meta.Labels = map[string]string{discoveryv1.LabelServiceName: s.name}
	ready := true
	slice := &discoveryv1.EndpointSlice{ObjectMeta: meta, AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{{Addresses: []string{sandbox.NodeIP}, Conditions: discoveryv1.EndpointConditions{Ready: &ready}}}}
	for i := range s.ports {
		port := &s.ports[i]
		target := port.Port
		if s.target != 0 {
			target = s.target
		}
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &port.Name, Port: &target, Protocol: &port.Protocol})
	}
	return poll(ctx, "create the service kube-system/"+s.name, func(ctx context.Context) error { // kube-system itself may not exist yet
		_, err := client.CoreV1().Services(metav1.NamespaceSystem).Create(ctx, object, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
		_, err = client.DiscoveryV1().EndpointSlices(metav1.NamespaceSystem).Create(ctx, slice, metav1.CreateOptions{})
		if apierrors.IsAlreadyExists(err) {
			return nil
		}
		return err
	})
}

func (o *Options) registerMetrics(ctx context.Context, config *rest.Config) error {
	ca, err := os.ReadFile(o.CAFile())
	if err != nil {
		return fmt.Errorf("read the authority for metrics: %w", err)
	}
	client, err := aggregator.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("make the client for metrics: %w", err)
	}
	object := &apiregistrationv1.APIService{
		ObjectMeta: metav1.ObjectMeta{Name: "v1beta1.metrics.k8s.io"},
		Spec: apiregistrationv1.APIServiceSpec{Group: "metrics.k8s.io", Version: "v1beta1", GroupPriorityMinimum: 100, VersionPriority: 100, CABundle: ca,
			Service: &apiregistrationv1.ServiceReference{Namespace: metav1.NamespaceSystem, Name: "metrics-server"}},
	}
	_, err = client.ApiregistrationV1().APIServices().Create(ctx, object, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("register the metrics API: %w", err)
	}
	return nil
}
