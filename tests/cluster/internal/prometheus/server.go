// Package prometheus is a Prometheus made of its own packages: discovery, scraping, storage and the query engine, and the two questions of its HTTP API.
// Rules, remote storage, pages, and the clouds it can discover in are left out, which are most of what there would be to compile.
package prometheus

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	_ "github.com/prometheus/prometheus/discovery/kubernetes" // the one way it finds what to scrape
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/tsdb"
	"golang.org/x/sync/errgroup"
)

const (
	queryTimeout = 30 * time.Second
	samplesMax   = 10_000_000 // of one query in memory
)

// Run is the program: --config.file, --storage.tsdb.path and --web.listen-address as those of the whole one.
func Run() int {
	settings := flag.String("config.file", "prometheus.yml", "settings")
	data := flag.String("storage.tsdb.path", "data", "folder of the series")
	address := flag.String("web.listen-address", ":9090", "address of the API")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, *settings, *data, *address); err != nil {
		fmt.Fprintln(os.Stderr, "run prometheus:", err)
		return 1
	}
	return 0
}

func run(ctx context.Context, settings, data, address string) error {
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	parsed, err := config.LoadFile(settings, false, logger)
	if err != nil {
		return err
	}
	database, err := tsdb.Open(data, logger, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		return fmt.Errorf("open the series: %w", err)
	}
	defer database.Close()
	registry := client.NewRegistry()
	metrics, err := discovery.CreateAndRegisterSDMetrics(registry)
	if err != nil {
		return fmt.Errorf("prepare the discovery: %w", err)
	}
	found := discovery.NewManager(ctx, logger, registry, metrics)
	scraper, err := scrape.NewManager(&scrape.Options{}, logger, nil, database, nil, registry)
	if err != nil {
		return fmt.Errorf("prepare the scraping: %w", err)
	}
	if err := scraper.ApplyConfig(parsed); err != nil {
		return fmt.Errorf("apply the settings: %w", err)
	}
	places := map[string]discovery.Configs{}
	for _, job := range parsed.ScrapeConfigs {
		places[job.JobName] = job.ServiceDiscoveryConfigs
	}
	if err := found.ApplyConfig(places); err != nil {
		return fmt.Errorf("apply the places to discover: %w", err)
	}
	engine := promql.NewEngine(promql.EngineOpts{
		Logger: logger, MaxSamples: samplesMax, Timeout: queryTimeout, EnableAtModifier: true, EnableNegativeOffset: true,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Duration(parsed.GlobalConfig.EvaluationInterval).Milliseconds() },
		Parser:                   parser.NewParser(parser.Options{}),
	})
	server := &http.Server{Addr: address, Handler: (&api{engine, database}).routes(), ReadHeaderTimeout: 10 * time.Second}

	work, ctx := errgroup.WithContext(ctx)
	work.Go(found.Run)
	work.Go(func() error { return scraper.Run(found.SyncCh()) })
	work.Go(server.ListenAndServe)
	work.Go(func() error {
		<-ctx.Done()
		scraper.Stop()
		return server.Close()
	})
	if err := work.Wait(); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
