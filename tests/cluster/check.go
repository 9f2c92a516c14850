package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"slipway.dev/tests/cluster/internal/cluster"
)

const (
	checkTimeout  = 90 * time.Second
	checkInterval = 100 * time.Millisecond
	checkReplicas = 3
)

func checkCommand() *cobra.Command {
	var work string
	command := &cobra.Command{
		Use:   "check --work DIR",
		Short: "Run three replicas of the demo application, read their logs and metrics, remove them; print the milliseconds of each step as JSON",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			options, err := running(work)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(command.Context(), checkTimeout)
			defer cancel()
			timings, err := check(ctx, options)
			if printErr := json.NewEncoder(os.Stdout).Encode(timings); printErr != nil {
				return printErr
			}
			return err
		},
	}
	workFlag(command, &work)
	return command
}

// check does each step in turn, and tells how long those took that were done.
func check(ctx context.Context, options *cluster.Options) (map[string]int64, error) {
	config, err := clientcmd.BuildConfigFromFlags("", options.AdminKubeconfig())
	if err != nil {
		return nil, fmt.Errorf("read the admin's kubeconfig: %w", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	c := &checker{client: client, image: options.Registry() + "/demo/checkout-api:v1"}
	steps := []struct {
		name string
		run  func(context.Context) error
	}{{"create", c.create}, {"ready", c.ready}, {"logs", c.logs}, {"metrics", c.metrics}}
	timings := map[string]int64{}
	for _, step := range steps {
		began := time.Now()
		if err = step.run(ctx); err != nil {
			err = fmt.Errorf("check: %s in namespace %s: %w", step.name, c.namespace, err)
			break
		}
		timings[step.name] = time.Since(began).Milliseconds()
	}
	began := time.Now()
	if deleteErr := c.delete(ctx); deleteErr != nil && err == nil {
		return timings, fmt.Errorf("check: delete namespace %s: %w", c.namespace, deleteErr)
	}
	timings["delete"] = time.Since(began).Milliseconds()
	return timings, err
}

type checker struct {
	client    kubernetes.Interface
	image     string
	namespace string
}

func (c *checker) create(ctx context.Context) error {
	namespace, err := c.client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "check-"}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	c.namespace = namespace.Name
	labels := map[string]string{"app": "check"}
	replicas, grace := int32(checkReplicas), int64(1)
	_, err = c.client.AppsV1().Deployments(c.namespace).Create(ctx, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "check"},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					TerminationGracePeriodSeconds: &grace,
					Containers: []corev1.Container{{
						Name: "app", Image: c.image,
						ReadinessProbe: &corev1.Probe{PeriodSeconds: 1, ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/readyz", Port: intstr.FromInt32(8080)}}},
					}},
				},
			},
		},
	}, metav1.CreateOptions{})
	return err
}

func (c *checker) ready(ctx context.Context) error {
	return until(ctx, func(ctx context.Context) error {
		deployment, err := c.client.AppsV1().Deployments(c.namespace).Get(ctx, "check", metav1.GetOptions{})
		if err == nil && deployment.Status.ReadyReplicas != checkReplicas {
			err = fmt.Errorf("%d of %d replicas are ready", deployment.Status.ReadyReplicas, checkReplicas)
		}
		return err
	})
}

func (c *checker) logs(ctx context.Context) error {
	pods, err := c.client.CoreV1().Pods(c.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	log, err := c.client.CoreV1().Pods(c.namespace).GetLogs(pods.Items[0].Name, &corev1.PodLogOptions{}).DoRaw(ctx)
	if err == nil && !strings.Contains(string(log), "checkout-api v1 starting") {
		err = fmt.Errorf("the log does not begin as expected: %q", log)
	}
	return err
}

func (c *checker) metrics(ctx context.Context) error {
	return until(ctx, func(ctx context.Context) error {
		body, err := c.client.Discovery().RESTClient().Get().AbsPath("/apis/metrics.k8s.io/v1beta1/namespaces/" + c.namespace + "/pods").DoRaw(ctx)
		if err != nil {
			return err
		}
		var list struct{ Items []any }
		if err := json.Unmarshal(body, &list); err != nil {
			return err
		}
		if len(list.Items) != checkReplicas {
			return fmt.Errorf("metrics of %d pods", len(list.Items))
		}
		return nil
	})
}

func (c *checker) delete(ctx context.Context) error {
	if c.namespace == "" {
		return nil
	}
	if err := c.client.CoreV1().Namespaces().Delete(ctx, c.namespace, metav1.DeleteOptions{}); err != nil {
		return err
	}
	return until(ctx, func(ctx context.Context) error {
		pods, err := c.client.CoreV1().Pods(c.namespace).List(ctx, metav1.ListOptions{})
		if err == nil && len(pods.Items) > 0 {
			err = fmt.Errorf("%d pods are left", len(pods.Items))
		}
		return err
	})
}

// until repeats a condition until it holds, and reports the last reason why not.
func until(ctx context.Context, condition func(context.Context) error) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, checkInterval, true, func(ctx context.Context) (bool, error) {
		last = condition(ctx)
		return last == nil, nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", err, last)
	}
	return nil
}
